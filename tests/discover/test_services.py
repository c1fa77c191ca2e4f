from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archguard.config.settings import Settings
from archguard.discover.commands import masked, started
from archguard.discover.deployment import Unreadable, compose, dockerfile, procfile
from archguard.discover.services import Detected, detect
from archguard.discover.snapshots import open_worktree
from archguard.model.program import Service

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = '[project]\nname = "quotes"\n'


def found(top: Path, files: dict[str, str]) -> Detected:
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(content)
    return detect(open_worktree(top, "", Settings()))


def test_a_repository_that_starts_nothing_is_one_service(tmp_path: Path) -> None:
    assert found(tmp_path, {"app/main.py": ""}).services == (Service("service", ""),)
    assert found(tmp_path, {"pyproject.toml": PROJECT}).services == (Service("quotes", ""),)


def test_the_api_and_its_worker_are_one_service(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "app/__init__.py": "",
        "app/main.py": "",
        "app/jobs.py": "",
        "Dockerfile": 'FROM python\nCMD ["uvicorn", "app.main:app", \\\n  "--workers", "4"]\n',
        "docker-compose.yml": (
            "services:\n"
            "  api:\n    build: .\n    deploy: {replicas: 3}\n"
            "  worker:\n    build: {context: .}\n    command: celery -A app.jobs worker -c 2\n"
            "  db:\n    image: postgres\n    command: postgres -c max_connections=200\n"
        ),
    }
    assert found(tmp_path, files).services == (
        Service(
            "quotes",
            "",
            ("app.main:app",),
            (
                "docker-compose.yml api: uvicorn app.main:app --workers 4 (x3)",
                "docker-compose.yml worker: celery -A app.jobs worker -c 2",
            ),
        ),
    )


def test_projects_in_folders_of_their_own_are_services_of_their_own(tmp_path: Path) -> None:
    files = {
        "services/quotes/pyproject.toml": PROJECT,
        "services/quotes/src/quotes/main.py": "",
        "services/quotes/Procfile": "web: gunicorn -k a.b.Worker quotes.main:create_app() -w 2\n",
        "services/orders/Dockerfile": "FROM python\nENTRYPOINT exec uvicorn main:app --app-dir code\n",
        "services/orders/code/main.py": "",
        "shared/lib.py": "",
    }
    assert [(s.name, s.root, s.applications) for s in found(tmp_path, files).services] == [
        ("orders", "services/orders", ("main:app",)),
        ("quotes", "services/quotes", ("quotes.main:create_app",)),
    ]


def test_applications_side_by_side_in_one_project_are_services_if_no_package_joins_them(
    tmp_path: Path,
) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "services/quotes/main.py": "",
        "services/orders/main.py": "",
        "Procfile": "a: uvicorn services.quotes.main:app\nb: uvicorn services.orders.main:app\n",
    }
    assert [s.root for s in found(tmp_path, files).services] == ["services/orders", "services/quotes"]
    files["services/__init__.py"] = ""
    assert [s.root for s in found(tmp_path, files).services] == [""]


def test_the_script_an_image_starts_is_read(tmp_path: Path) -> None:
    files = {
        "app/main.py": "",
        "docker/start.sh": "# uvicorn no.main:app\nalembic upgrade head && exec uvicorn \\\n app.main:app\n",
        "docker/Dockerfile": 'FROM python\nENTRYPOINT ["tini", "--"]\nCMD ["/srv/start.sh"]\n',
    }
    (service,) = found(tmp_path, files).services
    assert service.applications == ("app.main:app",)
    assert service.processes == ("Dockerfile: alembic upgrade head && exec uvicorn app.main:app",)


def test_a_script_copied_under_another_name_and_a_servers_settings_are_read(tmp_path: Path) -> None:
    files = {
        "web/__init__.py": "",
        "web/wsgi.py": "",
        "start.sh": "cd /srv\nexec uwsgi /srv/uwsgi.ini\n",
        "uwsgi.ini": "[uwsgi]\nmodule = web.wsgi:application\n",
        "jobs.py": "",
        "entry.sh": "exec python /srv/jobs.py\n",
        "Dockerfile": "FROM a\nCOPY ./entry.sh $HOME/run.sh\nENTRYPOINT /srv/run.sh\n",
        "compose.yml": "services: {web: {image: x, command: uwsgi uwsgi.ini}}\n",
    }
    (service,) = found(tmp_path, files).services
    assert service.applications == ("web.wsgi:application",)
    assert service.processes == (
        "Dockerfile: exec python /srv/jobs.py",
        "compose.yml web: web.wsgi:application",
    )


def test_what_examples_and_tests_start_is_no_service(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "app/main.py": "",
        "examples/a/Procfile": "web: uvicorn app.main:app\n",
        "tests/docker-compose.yml": "services: {a: {command: uvicorn app.main:app}}\n",
    }
    assert found(tmp_path, files).services == (Service("quotes", ""),)


def test_a_project_command_is_a_process(tmp_path: Path) -> None:
    script = '[project.scripts]\nquotes = "quotes.cli:main"\nother = "elsewhere.cli:main"\n'
    files = {"pyproject.toml": PROJECT + script, "src/quotes/cli.py": ""}
    (service,) = found(tmp_path, files).services
    assert service == Service("quotes", "", (), ("pyproject.toml: quotes",))


def test_broken_files_are_notes(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  a: [\n",
        "docker-compose.dev.yml": "- just\n- a list\n",
        "pyproject.toml": "[project\n",
        "Dockerfile": "CMD [broken\n",
        "Procfile": "\0\0: \n",
        "app.py": "",
    }
    detected = found(tmp_path, files)
    assert detected.services == (Service("service", ""),)
    assert [(note.subject, note.fatal) for note in detected.notes] == [
        ("compose.yaml", False),
        ("pyproject.toml", False),
    ]
    assert detected.notes[0].reason == "not valid YAML at line 3"


@pytest.mark.parametrize(
    ("command", "module", "application"),
    [
        ("uvicorn app.main:app --host 0.0.0.0", "app.main", "app.main:app"),
        ("poetry run uvicorn --factory app.main:create_app", "app.main", "app.main:create_app"),
        ("gunicorn -w 4 project.wsgi", "project.wsgi", ""),
        ("python -m uvicorn app.main:app", "app.main", "app.main:app"),
        ("python3.12 -m app.worker", "app.worker", ""),
        ("python -u ./run.py", "run.py", ""),
        ("fastapi run app/main.py --port 80", "app/main.py", ""),
        ("flask --app app.web run", "app.web", ""),
        ("celery --app=app.tasks:celery worker", "app.tasks", ""),
        ("arq app.worker.WorkerSettings", "app.worker", ""),
        ("dramatiq app.tasks --processes 2", "app.tasks", ""),
        ("taskiq worker app.broker:broker", "app.broker", ""),
        ("env A=b quotes serve --port 80", "quotes.cli", ""),
        ("quotes serve quotes.web:app", "quotes.web", "quotes.web:app"),
        ("sh -c 'sleep 1; exec uvicorn app.main:app'", "app.main", "app.main:app"),
    ],
)
def test_the_module_that_a_command_starts(command: str, module: str, application: str) -> None:
    (process,) = started(command, {"quotes": "quotes.cli:main"})
    assert (process.module, process.application) == (module, application)


@pytest.mark.parametrize(
    "command",
    ["postgres -c a=b", "other --name quotes", "redis-server", "python -c x", "npm x", "", "it's"],
)
def test_what_is_no_python_process_starts_nothing(command: str) -> None:
    assert started(command, {"quotes": "quotes.cli:main"}) == ()


@pytest.mark.parametrize(
    "command",
    [
        "run --db-password=hunter2 --port 80",
        "run --token hunter2",
        "API_KEY=hunter2 run",
        "PGPASSWORD='x hunter2' run",
        'run --secret "x hunter2 y"',
        "run -db-pass hunter2",
        "run redis://:hunter2@host/0",
        "run postgresql+asyncpg://user:hunter2@host/db",
    ],
)
def test_a_command_is_shown_without_its_secrets(command: str) -> None:
    shown = masked(command)
    assert "hunter2" not in shown
    assert "run" in shown


def test_what_is_no_secret_stays_in_a_command() -> None:
    for command in ("uvicorn a.b:app --port 80", "run --token $TOKEN", 'KEY="${KEY}" monkey business'):
        assert masked(command) == command


def test_only_the_last_stage_of_an_image_runs() -> None:
    content = b'FROM a\nCMD one\nFROM b\nENTRYPOINT ["two"]\n# CMD no\nCMD ["three", "four"]\n'
    command = dockerfile("x/Dockerfile", content, "x")
    assert command.words == ("two", "three", "four")


@pytest.mark.parametrize("environment", ["{WEB_CONCURRENCY: 4}", "[A=b, WEB_CONCURRENCY=4]"])
def test_how_often_a_process_runs_is_kept(environment: str) -> None:
    (service,) = compose(f"services: {{a: {{scale: 2, environment: {environment}}}}}".encode())
    assert service.copies == "x2, 4 workers"


def test_merged_keys_of_a_compose_file_are_seen() -> None:
    content = b"x-base: &base {command: [python, -m, a]}\nservices:\n  web:\n    <<: *base\n"
    (service,) = compose(content)
    assert service.command == ("python", "-m", "a")


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 5000,
        b"a: " + b"{a: " * 5000,
        b"- " * 50000,
        b"".join(b"%s- \n" % (b" " * depth) for depth in range(900)),
        b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c + 1, c + 1, c, c) for c in range(97, 120)),
        b"a: !!python/object/apply:os.system [x]\n",
        b"services: {a: &a {<<: *a}}",
        b"services: &s\n  <<: [*s, *s, *s]\n  a: {<<: [*s, *s]}\n",
        b"\xff\xfe",
        b"",
    ],
)
def test_a_hostile_compose_file_costs_nothing(content: bytes) -> None:
    message = ""
    try:
        compose(content)
    except Unreadable as error:
        message = str(error)
    assert "\n" not in message


@settings(max_examples=60)
@given(st.text(max_size=60), st.binary(max_size=60))
def test_any_text_is_a_command_and_any_bytes_a_file(text: str, content: bytes) -> None:
    started(text, {})
    masked(text)
    dockerfile("Dockerfile", b"CMD " + content, "")
    list(procfile("Procfile", content, ""))
    with contextlib.suppress(Unreadable):
        compose(content)
