import click


@click.command()
def create_key():
    api_key = make()
    print(f"your key: {api_key}")


def make():
    return "x"
