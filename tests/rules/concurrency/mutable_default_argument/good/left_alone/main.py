import copy
from collections.abc import Mapping, Sequence

from fastapi import Depends, FastAPI
from pydantic import BaseModel

app = FastAPI()
NAMES = ["a", "b"]


class Filter(BaseModel):
    words: list[str] = []


def only_read(tags=[]):
    return [tag.upper() for tag in tags]


def read_by_another(tags=[]):
    return only_read(tags) + [len(tags)]


def spread(options={}):
    return dict(**options)


def copied(tags=[]):
    tags = list(tags)
    tags.append("x")
    return tags


def or_a_new_one(options={}):
    options = options or {}
    options["a"] = 1
    return options


def deep(options={}):
    options = copy.deepcopy(options)
    options.update(a=1)


def replaced_if_empty(tags=[]):
    if not tags:
        tags = ["all"]
    return len(tags)


def remembered(key, _cache={}):
    _cache[key] = key
    return _cache[key]


def immutable(tags=(), mode=None):
    mode = mode or {}
    mode["tags"] = tags
    return mode


def promised(names: Sequence[str] = [], options: Mapping[str, str] | None = {}):
    return names, options


def from_a_constant(names=NAMES):
    return names


def outer():
    def inner(seen=[]):
        seen.append(1)

    inner()


@app.get("/items")
async def items(tags: list[str] = []):
    tags.append("all")
    return tags


def paging(fields: list[str] = []):
    fields.append("id")
    return fields


@app.get("/pages")
async def pages(fields=Depends(paging)):
    return fields
