import click
import requests


@click.command()
def fetch() -> None:
    print(requests.get("https://a.example").text)
