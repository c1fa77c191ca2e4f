import boto3
from fastapi import FastAPI

app = FastAPI()
client = boto3.client("s3")


@app.get("/download")
async def download(key: str) -> str:
    return client.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": key}, ExpiresIn=60)
