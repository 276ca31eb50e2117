"""Ground for every test: one database, the app login, and scopes to put on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from xdist.scheduler import LoadScopeScheduling

from harapan.database.roles import SHAPES, role
from harapan.database.scope import Scope, put_on
from harapan.regions.actions import load_regions
from harapan.regions.source import OFFICIAL_LIST_DATE, read_regions
from tests.database.installation import Installed, passable_folder

KALIMANTAN_SELATAN = 6_300_000_000

LONG = (
    "custody",
    "computed",
    "cli",
)  # folders of few tests that take long: begun last, one process would wait for the other

# files of tests that need an installation (`installed`): making one takes a minute, so one process has them all
INSTALLATIONS = ("tests/custody/", "tests/cli/test_serve.py", "tests/cli/test_setup.py")

_MADE = pytest.StashKey[bool]()  # whether this run has a database

# a busy machine is no failure: speed belongs in the benchmarks
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


class _Together(LoadScopeScheduling):
    """The tests of a file stay in one process, so that what its module sets up is set up once.

    Groups told by marks are not used: pytest 9.2 gives its items ids that pytest-xdist 3.8 no longer marks.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "installation" if file.startswith(INSTALLATIONS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Together:
    return _Together(config, log)


def pytest_itemcollected(item: pytest.Item) -> None:
    if "installed" in getattr(item, "fixturenames", ()) and not item.nodeid.startswith(INSTALLATIONS):
        raise pytest.UsageError(
            f"{item.nodeid} needs an installation: name its file in INSTALLATIONS (tests/conftest.py)."
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, otherwise in the order drawn."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, request: Any) -> Iterator[None]:
    """The test database, made and migrated by the owner, with the regions of one province.

    The test's one connection may put on every shape of scope.
    """
    keep = request.config.getvalue("reuse_db")
    with django_db_blocker.unblock():
        made = setup_databases(
            0, interactive=False, keepdb=keep, aliases=set(settings.DATABASES), serialized_aliases=()
        )
        prefix = settings.ROLE_PREFIX
        with connections["owner"].cursor() as cursor:
            for name in (*SHAPES, "batch"):
                cursor.execute(f"GRANT {role(prefix, name)} TO {role(prefix, 'app')}")
        load_regions(read_regions(within=KALIMANTAN_SELATAN), on=OFFICIAL_LIST_DATE, using="owner")
        connections["owner"].close()
    request.config.stash[_MADE] = True
    yield
    request.config.stash[_MADE] = False
    with django_db_blocker.unblock():
        _end_other_sessions()
        connections.close_all()
        teardown_databases(made, 0, keepdb=keep)


@pytest.fixture(scope="module", autouse=True)
def log_of_one_module(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What tests commit they take out again, but the log is append-only: the owner empties it after each module."""
    yield
    if not request.config.stash.get(_MADE, False):
        return
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
    connections["owner"].close()


def _end_other_sessions() -> None:
    """A page served in another thread may still hold a connection, and a database in use cannot be dropped."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.fetchall()


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    """A folder with all that `harapan setup` makes, at rest. Copy it: it is there for all."""
    with passable_folder() as folder:
        made = Installed(folder / "var")
        made.said = made.setup()
        yield made
        made.end()


@pytest.fixture
def system(db: None) -> Iterator[Scope]:
    """For preparing data: sees and writes everything, as no person in particular."""
    with put_on(Scope.batch(via="test")) as scope:
        yield scope
