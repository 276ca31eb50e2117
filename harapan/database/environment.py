"""The addresses a process works with, put into its environment before Django reads them.

    DATABASE_URL         the owner's: migrations and backups; named by the operator, else the embedded server's
    HARAPAN_APP_URL      web pages, and jobs of people below the nation
    HARAPAN_NATION_URL   the same for people who see the nation
    HARAPAN_BATCH_URL    whole-stage work

The three logins are named after the database; their passwords are drawn once and kept in the installation's folder,
where the first migration, which makes the logins, reads the same ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, unquote, urlsplit

from harapan.core.errors import Misuse
from harapan.database import embedded, places

OWNER_VARIABLE = "DATABASE_URL"
LOGIN_VARIABLES: Mapping[str, str] = {
    "app": "HARAPAN_APP_URL",
    "app_nation": "HARAPAN_NATION_URL",
    "batch": "HARAPAN_BATCH_URL",
}
ALL_VARIABLES = (OWNER_VARIABLE, *LOGIN_VARIABLES.values())


@contextmanager
def prepare() -> Iterator[None]:
    """Put the four addresses into the environment; start the embedded server where none is named.

    It runs at least until the block ends. A process that was given only the logins' addresses (a worker of
    `harapan serve`) is left as it is: it neither needs nor gets the owner's.
    """
    if not os.environ.get(OWNER_VARIABLE) and all(os.environ.get(name) for name in LOGIN_VARIABLES.values()):
        yield
        return
    before = {name: os.environ.get(name) for name in ALL_VARIABLES}
    try:
        named = before[OWNER_VARIABLE]
        if named:
            _name_logins(named)
            yield
        else:
            with embedded.running() as owner:
                os.environ[OWNER_VARIABLE] = owner
                _name_logins(owner)
                yield
    finally:
        _restore(before)


def embedded_in_use() -> bool:
    """Whether this process works, or would work, with the embedded server."""
    owner = os.environ.get(OWNER_VARIABLE)
    if not owner:
        return not all(os.environ.get(name) for name in LOGIN_VARIABLES.values())
    running = embedded.status()
    return running is not None and urlsplit(owner).port == running[1] and urlsplit(owner).hostname == embedded.ADDRESS


def login_password(database: str, login: str) -> str:
    """The password of the login `app`, `app_nation` or `batch` of this database, the same in every process."""
    return places.password(f"{database}-{login}")


def login_url(owner: str, login: str) -> str:
    """The owner's address with another login: same server, same database, same options."""
    parts = urlsplit(owner)
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not database:
        raise Misuse(
            f"DATABASE_URL berawal {parts.scheme}://, padahal bentuknya postgresql://pengguna:sandi@host:porta/nama. "
            "Perbaiki, atau kosongkan untuk memakai basis data bawaan."
        )
    place = parts.netloc.rpartition("@")[2]
    password = login_password(database, login)
    return parts._replace(netloc=f"{quote(f'{database}_{login}')}:{quote(password)}@{place}").geturl()


def _name_logins(owner: str) -> None:
    for login, variable in LOGIN_VARIABLES.items():
        if not os.environ.get(variable):
            os.environ[variable] = login_url(owner, login)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
