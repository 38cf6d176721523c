"""A database of one's own, of the kind that is being tested."""

import os
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4


def own_postgres() -> str:
    """The address of a new database on the PostgreSQL of the tests; none on SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return ""
    import psycopg

    name = f"own_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
