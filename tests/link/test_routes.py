"""Endpoints get the full path of every application that includes their router."""

from __future__ import annotations

from archguard.model.endpoints import Route
from tests.support.programs import program_of


def routes(files: dict[str, str]) -> dict[tuple[str, str], Route]:
    return {(route.method, route.path): route for route in program_of(files).routes.get()}


def test_prefixes_of_routers_includes_and_constants_add_up() -> None:
    found = routes(
        {
            "app/__init__.py": "",
            "app/config.py": "PREFIX = '/v1'\n",
            "app/users.py": "from fastapi import APIRouter\n"
            "router = APIRouter(prefix='/users', tags=['users'])\n"
            "@router.get('/{id}', status_code=200)\nasync def one(id: int) -> dict: ...\n"
            "@router.websocket('/stream')\nasync def stream(socket): ...\n",
            "app/api.py": "from fastapi import APIRouter\nfrom app import users\n"
            "from app.config import PREFIX\n"
            "api = APIRouter()\napi.include_router(users.router, prefix=f'{PREFIX}/people')\n",
            "app/main.py": "from fastapi import FastAPI\nfrom app.api import api\ndef create():\n"
            "    app = FastAPI()\n    app.include_router(api, prefix='/api')\n    return app\n",
        }
    )
    assert set(found) == {("GET", "/api/v1/people/users/{id}"), ("WS", "/api/v1/people/users/stream")}
    one = found["GET", "/api/v1/people/users/{id}"]
    assert (one.handler.qualname, one.status, one.tags) == ("app.users.one", 200, ("users",))
    assert one.response_model == "dict"


def test_a_router_included_twice_has_both_paths() -> None:
    found = routes(
        {
            "main.py": "from fastapi import APIRouter, FastAPI\nr = APIRouter()\n"
            "@r.get('/x')\ndef x(): ...\napp = FastAPI()\n"
            "app.include_router(r, prefix='/a')\napp.include_router(r, prefix='/b')\n"
        }
    )
    assert set(found) == {("GET", "/a/x"), ("GET", "/b/x")}


def test_a_path_that_is_not_known_is_never_guessed() -> None:
    found = routes(
        {
            "main.py": "import os\nfrom fastapi import APIRouter, FastAPI\nr = APIRouter()\n"
            "@r.get('/x')\ndef x(): ...\napp = FastAPI()\napp.include_router(r, prefix=os.environ['P'])\n"
        }
    )
    assert set(found) == {("GET", "…/x")}


def test_the_dependencies_of_every_level_count_as_auth() -> None:
    found = routes(
        {
            "main.py": "from fastapi import APIRouter, Depends, FastAPI\ndef user(): ...\ndef admin(): ...\n"
            "r = APIRouter(dependencies=[Depends(user)])\n"
            "@r.delete('/x', dependencies=[Depends(admin)])\ndef x(): ...\n"
            "app = FastAPI()\napp.include_router(r)\n"
        }
    )
    assert found["DELETE", "/x"].auth == ("user", "admin")


def test_an_application_handed_to_a_function_that_registers_is_still_that_application() -> None:
    found = routes(
        {
            "users.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n"
            "@router.get('')\ndef all(): ...\n",
            "register.py": "from users import router\ndef register(app):\n    app.include_router(router)\n",
            "main.py": "from fastapi import FastAPI\nfrom register import register\n"
            "def create():\n    app = FastAPI()\n    register(app)\n    return app\n",
        }
    )
    assert set(found) == {("GET", "/users")}


def test_a_mounted_application_has_the_path_it_is_mounted_at() -> None:
    found = routes(
        {
            "main.py": "from fastapi import FastAPI\napi = FastAPI()\n@api.get('/x')\ndef x(): ...\n"
            "app = FastAPI()\napp.mount('/v1', app=api)\n"
        }
    )
    assert set(found) == {("GET", "/v1/x")}


def test_an_application_hands_itself_to_its_lifespan() -> None:
    found = routes(
        {
            "main.py": "from fastapi import APIRouter, FastAPI\nr = APIRouter()\n@r.get('/x')\ndef x(): ...\n"
            "async def lifespan(app):\n    app.include_router(r)\n    yield\n"
            "app = FastAPI(lifespan=lifespan)\n"
        }
    )
    assert set(found) == {("GET", "/x")}


def test_a_prefix_given_to_a_blueprint_takes_the_place_of_its_own() -> None:
    found = routes(
        {
            "main.py": "from flask import Blueprint, Flask\na = Blueprint('a', __name__, url_prefix='/old')\n"
            "b = Blueprint('b', __name__, url_prefix='/own')\n"
            "@a.route('/x', methods=['POST'])\ndef x(): ...\n@b.get('/y')\ndef y(): ...\ndef z(): ...\n"
            "app = Flask(__name__)\napp.register_blueprint(a, url_prefix='/new')\napp.register_blueprint(b)\n"
            "app.add_url_rule('/z', 'named', z)\n"
        }
    )
    assert set(found) == {("POST", "/new/x"), ("GET", "/own/y"), ("GET", "/z")}
    assert {route.framework for route in found.values()} == {"flask"}


def test_a_router_class_that_a_function_makes_is_a_router() -> None:
    found = routes(
        {
            "kit.py": "from fastapi import APIRouter\ndef router_class(route) -> type[APIRouter]:\n"
            "    class Made(APIRouter):\n        pass\n    return Made\n",
            "main.py": "from fastapi import FastAPI\nfrom kit import router_class\nRouter = router_class(1)\n"
            "r = Router(prefix='/x')\n@r.get('/y')\ndef y(): ...\napp = FastAPI()\napp.include_router(r)\n",
        }
    )
    assert set(found) == {("GET", "/x/y")}


def test_what_is_said_around_an_endpoint_holds_for_it() -> None:
    found = routes(
        {
            "main.py": "from fastapi import APIRouter, FastAPI\nfrom fastapi.responses import HTMLResponse\n"
            "r = APIRouter(default_response_class=HTMLResponse)\n"
            "@r.get('/x', response_model=None)\ndef x() -> str: ...\n@r.route('/y')\ndef y(request): ...\n"
            "app = FastAPI()\napp.include_router(r, prefix='/v1', include_in_schema=False)\n"
        }
    )
    x, y = found["GET", "/v1/x"], found["GET", "/v1/y"]
    assert (x.own_path, x.response_class, x.hidden, x.declared) == ("/x", "HTMLResponse", True, "none")
    assert (x.framework, y.framework) == ("fastapi", "starlette")
    assert [step.scope.scope.kind for step in x.registered] == ["module"] * 3


def test_the_inputs_of_an_endpoint_are_those_of_all_its_dependencies() -> None:
    found = routes(
        {
            "main.py": "from typing import Annotated\n"
            "from fastapi import APIRouter, Depends, FastAPI, Header\n"
            "def inner(tenant: Annotated[str, Header(alias='x-tenant')]): ...\n"
            "def outer(shop: int, tenant=Depends(inner)): ...\n"
            "r = APIRouter(dependencies=[Depends(outer)])\n"
            "@r.get('/{item}')\ndef read(item: int): ...\napp = FastAPI()\napp.include_router(r)\n"
        }
    )
    route = found["GET", "/{item}"]
    assert [(each.name, each.source) for each in route.inputs] == [
        ("item", ""),
        ("shop", ""),
        ("x-tenant", "header"),
    ]
    assert route.inputs_seen


def test_a_dependency_that_is_not_seen_leaves_the_inputs_open() -> None:
    found = routes(
        {
            "main.py": "from fastapi import Depends, FastAPI\nfrom elsewhere import anything\n"
            "app = FastAPI()\n"
            "@app.get('/{item}')\ndef read(it=Depends(anything)): ...\n"
        }
    )
    assert not found["GET", "/{item}"].inputs_seen
