"""Which addresses a process ends up with, and who keeps the embedded server running."""

import os
from pathlib import Path

import pytest

from harapan.core.errors import Misuse
from harapan.database import embedded, environment

OWNER = "postgresql://owner:secret@db.example:6543/pkh?sslmode=require"


@pytest.fixture(autouse=True)
def nothing_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    for name in environment.ALL_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("the embedded server was started")

    monkeypatch.setattr(embedded, "running", refuse)


@pytest.mark.usefixtures("no_server")
def test_a_named_server_gives_three_logins_named_after_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", OWNER)
    with environment.prepare():
        password = environment.login_password("pkh", "app_nation")
        assert os.environ["HARAPAN_NATION_URL"] == (
            f"postgresql://pkh_app_nation:{password}@db.example:6543/pkh?sslmode=require"
        )
        assert "pkh_app:" in os.environ["HARAPAN_APP_URL"]
        assert "pkh_batch:" in os.environ["HARAPAN_BATCH_URL"]
        assert not environment.embedded_in_use()
    assert "HARAPAN_APP_URL" not in os.environ
    assert os.environ["DATABASE_URL"] == OWNER


@pytest.mark.usefixtures("no_server")
def test_a_login_named_by_the_operator_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", OWNER)
    monkeypatch.setenv("HARAPAN_BATCH_URL", "postgresql://given@db.example/pkh")
    with environment.prepare():
        assert os.environ["HARAPAN_BATCH_URL"] == "postgresql://given@db.example/pkh"


@pytest.mark.usefixtures("no_server")
def test_a_process_with_logins_only_is_never_given_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.LOGIN_VARIABLES.values():
        monkeypatch.setenv(name, "postgresql://given@db.example/pkh")
    with environment.prepare():
        assert "DATABASE_URL" not in os.environ
        assert not environment.embedded_in_use()


@pytest.mark.usefixtures("no_server")
def test_an_address_of_another_kind_is_refused_with_the_right_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///pkh.db")
    with pytest.raises(Misuse, match="postgresql://pengguna:sandi@host:porta/nama"), environment.prepare():
        pass
