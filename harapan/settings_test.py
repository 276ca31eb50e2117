"""Settings for the tests: a database and roles of their own, on the server of DATABASE_URL or an embedded one.

Tests connect as the app login, like a web process. So that one test is one transaction that is rolled back, every
scope is put on over that one connection; for this the test's app login is also given the nation's and the batch role.
That the real logins are kept apart is proven by tests that open connections of their own (`tests/database`).

Several processes of one run (pytest-xdist) share the first one's server; each has a database, roles and a folder of its
own, so that no test meets what another leaves.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_var = Path(os.environ.get("HARAPAN_VAR") or Path(__file__).resolve().parent.parent / "var" / "test")
os.environ["HARAPAN_VAR"] = str(_var / _worker)

import psycopg

from harapan.database.environment import login_password, prepare
from harapan.database.roles import LOGINS

_named = "DATABASE_URL" in os.environ
_session = ExitStack()
_session.enter_context(prepare())
if not _named:  # our own server, for nothing but tests: what a crash of the machine would lose is made anew
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as _server:
        _server.execute("ALTER SYSTEM SET fsync = off")
        _server.execute("SELECT pg_reload_conf()")
atexit.register(_session.close)

from harapan.settings import *  # noqa: F403
from harapan.settings import DATABASES, STATIC_ROOT

_name = DATABASES["owner"]["NAME"] + _worker
ROLE_PREFIX = f"test_{_name}"
for _alias, _login in zip(("default", "nation", "batch"), LOGINS, strict=True):
    DATABASES[_alias] |= {
        "USER": f"{ROLE_PREFIX}_{_login}",
        "PASSWORD": login_password(ROLE_PREFIX, _login),
        "TEST": {"MIRROR": "owner"},
    }
DATABASES["owner"]["TEST"] = {"NAME": f"test_{_name}", "SERIALIZE": False, "DEPENDENCIES": []}
SCOPE_ALIASES = {"app": "default", "nation": "default", "batch": "default"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where there is none
