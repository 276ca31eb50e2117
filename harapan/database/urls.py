"""From connection addresses in the environment to Django's settings."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# alias -> the variable that holds its address; the owner's is known only to setup and tests
ADDRESSES = {
    "default": "HARAPAN_APP_URL",
    "nation": "HARAPAN_NATION_URL",
    "batch": "HARAPAN_BATCH_URL",
    "owner": "DATABASE_URL",
}


def parse(url: str) -> dict[str, Any]:
    """The address as Django's fields. Example: postgresql://name:password@127.0.0.1:5432/harapan"""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise RuntimeError(
            f"The database address {parts.scheme}://… is not of the form postgresql://user:password@host:port/name."
        )
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def role_prefix() -> str:
    """Roles belong to the whole server, so they are named after the database: harapan_region, harapan_app and so on."""
    for variable in ("DATABASE_URL", "HARAPAN_APP_URL"):
        if os.environ.get(variable):
            return str(parse(os.environ[variable])["NAME"])
    return "harapan"


def database_settings(*, pool: bool) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for the logins this process was given. `pool` keeps connections open between requests."""
    databases: dict[str, dict[str, Any]] = {}
    for alias, variable in ADDRESSES.items():
        url = os.environ.get(variable)
        if not url:
            continue
        fields = parse(url)
        fields["ENGINE"] = "django.db.backends.postgresql"
        timeout = "10s" if pool and alias in ("default", "nation") else "300s"  # pages; commands and jobs
        options = fields["OPTIONS"]
        # whoever logs in, tables live in public: a user named harapan would else look into the schema harapan first
        limits = "" if alias == "owner" else f" -c statement_timeout={timeout} -c jit=off"
        options.setdefault("options", f"-c search_path=public{limits}")
        if pool and alias in ("default", "nation"):
            options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
            fields["CONN_HEALTH_CHECKS"] = True  # a server started anew leaves dead connections behind
        fields["CONN_MAX_AGE"] = 0
        databases[alias] = fields
    databases.setdefault("default", {})
    return databases
