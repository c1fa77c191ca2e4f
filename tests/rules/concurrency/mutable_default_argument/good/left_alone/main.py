import copy

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Filter(BaseModel):
    words: list[str] = []


def only_read(tags=[]):
    return [tag.upper() for tag in tags]


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
    return tags


def remembered(key, _cache={}):
    _cache[key] = key
    return _cache[key]


def immutable(tags=(), mode=None):
    mode = mode or {}
    mode["tags"] = tags
    return mode


def outer():
    def inner(seen=[]):
        seen.append(1)

    inner()


@app.get("/items")
async def items(tags: list[str] = []):
    tags.append("all")
    return tags
