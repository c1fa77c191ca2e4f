from fastapi import FastAPI
from peewee import CharField, Model, SqliteDatabase

app = FastAPI()


class Clip(Model):
    camera = CharField()

    class Meta:
        database = SqliteDatabase("clips.db")


def clips(camera: str):
    return Clip.select(Clip.id).where(Clip.camera == camera).order_by(Clip.id).limit(10)


@app.get("/clips")
async def listed(camera: str) -> list[dict]:
    return [each for each in clips(camera).dicts().iterator()]  # expect: AG0901 high


@app.get("/names")
async def names(camera: str) -> list[str]:
    found = []
    for clip in clips(camera):  # expect: AG0901 high
        found.append(clip.camera)
    return found


@app.get("/newest")
async def newest(camera: str) -> str:
    return clips(camera).get().camera  # expect: AG0901 high


@app.delete("/clips")
async def delete(camera: str) -> None:
    Clip.delete().where(Clip.camera == camera).execute()  # expect: AG0901 high


@app.post("/clips")
async def add(cameras: list[str]) -> None:
    query = Clip.insert_many([{"camera": each} for each in cameras])
    query.on_conflict_ignore().execute()  # expect: AG0901 high


@app.get("/sql")
async def statement(camera: str) -> object:
    return clips(camera).sql()
