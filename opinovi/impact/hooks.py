"""What this room adds to the pages of those below."""


def put_up() -> None:
    pass
