from fastapi import FastAPI

app = FastAPI()


@app.get("/one")
def read_one():
    return 0


@app.get("/two")
def read_two() -> int:
    return 1


@app.get("/three")
def read_three():
    return 2


@app.get("/four")
def read_four() -> int:
    return 3


@app.get("/five")
def read_five():
    return 4


@app.get("/six")
def read_six() -> int:
    return 5


@app.get("/seven")
def read_seven():
    return 6


@app.get("/eight")
def read_eight() -> int:
    return 7


@app.get("/nine")
def read_nine():
    return 8


@app.get("/ten")
def read_ten() -> int:
    return 9


@app.get("/eleven")
def read_eleven():
    return 10


@app.get("/twelve")
def read_twelve() -> int:
    return 11
