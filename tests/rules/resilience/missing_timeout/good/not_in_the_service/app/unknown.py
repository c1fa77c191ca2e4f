def read(client, **options):
    """Neither what the client is nor what the options hold is known."""
    return client.get("https://a.example", **options)
