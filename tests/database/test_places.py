"""Keys and passwords drawn once, readable by their owner only."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from harapan.core.errors import Refused
from harapan.database import places


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_a_key_is_drawn_once(var: Path) -> None:
    key = places.secret("nik")
    assert len(key) == 32
    assert places.secret("nik") == key
    assert places.secret("kk") != key
    assert stat.S_IMODE((var / "keys" / "nik.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "keys").stat().st_mode) == 0o700


def test_processes_that_ask_at_once_get_the_same_key(var: Path) -> None:
    code = "from harapan.database.places import secret; print(secret('seal', 64).hex())"
    asking = [
        subprocess.Popen([sys.executable, "-c", code], cwd=places.CHECKOUT, stdout=subprocess.PIPE) for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in asking}) == 1
    assert [path.name for path in (var / "keys").iterdir()] == ["seal.key"]


def test_a_damaged_key_is_refused_and_not_replaced(var: Path) -> None:
    places.secret("nik")
    path = var / "keys" / "nik.key"
    path.write_bytes(b"short")
    with pytest.raises(Refused, match="berisi 5 bita, seharusnya 32"):
        places.secret("nik")
    assert path.read_bytes() == b"short"


def test_passwords_fit_into_an_address() -> None:
    password = places.password("harapan-app")
    assert password == places.password("harapan-app")
    assert password.replace("-", "").replace("_", "").isalnum()
    assert len(password) == 43


def test_a_held_lock_is_busy_for_who_will_not_wait() -> None:
    with places.lock("serve"), pytest.raises(places.Busy, match="`serve`"), places.lock("serve", wait=False):
        pass
    with places.lock("serve", wait=False):
        pass


def test_a_folder_that_cannot_be_made_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARAPAN_VAR", "/proc/var")
    with pytest.raises(Refused, match="HARAPAN_VAR"):
        places.var()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "file" / "var"))
    with pytest.raises(Refused, match="tidak dapat dibuat"):
        places.var()


def test_a_thrown_away_folder_goes_with_its_block_and_a_dead_one_with_the_next(var: Path) -> None:
    dead = places.folder("replays") / "dead"
    (dead / "half").mkdir(parents=True)
    with places.thrown_away("replays") as first:
        assert not dead.exists()
        with places.thrown_away("replays") as second:
            assert first.is_dir()  # its owner lives
            assert second != first
        assert not second.exists()
        with pytest.raises(ZeroDivisionError), places.thrown_away("replays") as third:
            raise ZeroDivisionError
        assert not third.exists()
    assert list(places.folder("replays").iterdir()) == []


def test_a_killed_process_leaves_a_folder_that_the_next_sweeps(var: Path) -> None:
    code = (
        "import os, signal\nfrom harapan.database.places import thrown_away\n"
        "with thrown_away('replays') as folder:\n"
        "    (folder / 'half').write_text('x')\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=places.CHECKOUT, check=False)
    assert len(list(places.folder("replays").iterdir())) == 1
    with places.thrown_away("replays") as ours:
        assert list(places.folder("replays").iterdir()) == [ours]
