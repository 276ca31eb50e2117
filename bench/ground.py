"""A database for measuring, beside the installation's own: same server, same roles, other data."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg


def in_own_database(module: str, arguments: list[str], *, keep: bool) -> int:
    """Run `bench.run MODULE` with DATABASE_URL pointing at `<name>_bench`; made when missing, dropped unless kept.

    Returns the exit status. The installation's own data are never touched.
    """
    owner = os.environ["DATABASE_URL"]
    name = urlsplit(owner).path.strip("/")
    measured = f"{name}_bench"
    with psycopg.connect(owner, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [measured]).fetchone():
            connection.execute(f'CREATE DATABASE "{measured}"')
    logins = ("HARAPAN_APP_URL", "HARAPAN_NATION_URL", "HARAPAN_BATCH_URL")
    environment = {key: value for key, value in os.environ.items() if key not in logins}
    environment["DATABASE_URL"] = urlsplit(owner)._replace(path=f"/{measured}").geturl()
    try:
        return subprocess.run(
            [sys.executable, "-m", "bench.run", module, *arguments], env=environment, check=False
        ).returncode
    finally:
        if not keep:
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{measured}" WITH (FORCE)')
