"""Files are kept encrypted, once, whole, for whoever may see them, and every hand-over is an entry."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError

from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.files import chunks, storage
from harapan.files.chunks import PIECE, FileBroken
from harapan.files.models import StoredFile
from tests.ground import HIYUNG, HSS, TAPIN


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of these tests lie in a folder of their own."""
    made = tmp_path / "files"
    made.mkdir()
    folder = places.folder
    monkeypatch.setattr(storage.places, "folder", lambda name: made if name == "files" else folder(name))


def stored(contents: storage.Contents = b"isi", **options: object) -> StoredFile:
    return storage.store("daftar.xlsx", **{"kind": "import", "contents": contents, "owner": 7} | options)


def on_disk(file: StoredFile) -> Path:
    return storage._path(file.digest)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_every_size_reads_back(system: Scope, size: int) -> None:
    contents = os.urandom(size)
    file = stored(contents)
    assert file.size == size
    assert storage.read(file) == contents


def test_any_place_can_be_read(system: Scope) -> None:
    contents = os.urandom(2 * PIECE + 100)
    with storage.open_stream(stored(io.BytesIO(contents))) as clear:
        for start, length in ((PIECE - 5, 10), (2 * PIECE, 200), (0, 1), (5 * PIECE, 10)):
            clear.seek(start)
            assert clear.read(length) == contents[start : start + length]
        assert clear.seek(-3, io.SEEK_END) == len(contents) - 3
        assert clear.read() == contents[-3:]


def test_nothing_lies_in_clear_and_only_for_its_owner(system: Scope) -> None:
    file = stored(b"NIK 6305034107850001" * 100)
    path = on_disk(file)
    assert b"6305034107850001" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_contents_are_kept_once(system: Scope) -> None:
    one, two = stored(b"sama"), stored(b"sama")
    assert one.pk == two.pk
    elsewhere = stored(b"sama", region_no=HIYUNG)
    assert (elsewhere.pk != one.pk, elsewhere.digest == one.digest) == (True, True)
    assert stored(b"sama", kind="export").digest != one.digest


def test_a_path_is_stored_under_the_name_people_know(system: Scope, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a;b")
    file = storage.store("../../jahat/daftar.csv", kind="import", contents=tmp_path / "x.csv", owner=7)
    assert (file.name, file.media_type) == ("daftar.csv", "text/csv")
    with pytest.raises(Refused, match="nowhere tidak ada"):
        stored(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[:-1],
        lambda b: b[: -PIECE - 16],
        lambda b: b[:-1] + bytes([b[-1] ^ 1]),
        lambda b: b"",
        lambda b: b + b"x",
    ],
)
def test_a_damaged_file_says_so(system: Scope, damage: object) -> None:
    file = stored(os.urandom(2 * PIECE))
    on_disk(file).write_bytes(damage(on_disk(file).read_bytes()))  # type: ignore[operator]
    with pytest.raises(FileBroken, match="cadangan"):
        storage.read(file)


def test_what_no_longer_opens_is_written_anew_when_it_comes_again(system: Scope) -> None:
    file = stored(b"isi")
    on_disk(file).write_bytes(b"rusak")
    assert stored(b"isi").pk == file.pk
    assert storage.read(file) == b"isi"


def test_a_file_put_in_the_place_of_another_does_not_open(system: Scope) -> None:
    one, two = stored(b"satu"), stored(b"dua")
    on_disk(two).write_bytes(on_disk(one).read_bytes())
    with pytest.raises(FileBroken):
        storage.read(two)


def test_a_missing_file_says_so(system: Scope) -> None:
    file = stored()
    on_disk(file).unlink()
    with pytest.raises(FileBroken, match="tidak ada"):
        storage.read(file)


def test_what_fails_half_way_leaves_nothing(system: Scope) -> None:
    class Broken(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            Broken.reads += 1
            if Broken.reads == 4:
                raise OSError("kabel lepas")
            return super().read(size)

    with pytest.raises(OSError, match="kabel"):
        stored(Broken(os.urandom(PIECE)))
    assert not [path for path in places.folder("files").rglob("*") if path.is_file()]
    assert not StoredFile.objects.exists()


def test_each_sees_the_files_of_their_place_and_their_own(system: Scope) -> None:
    tapin = stored(b"tapin", region_no=HIYUNG)
    own = stored(b"own", owner=9)
    stored(b"neither", owner=8)
    with put_on(Scope.of_ranges((TAPIN,), actor=9)):
        assert set(StoredFile.objects.values_list("pk", flat=True)) == {tapin.pk, own.pk}
    with put_on(Scope.of_ranges((HSS,), actor=1)):
        assert not StoredFile.objects.exists()
    with put_on(Scope.of_groups((5,), actor=9)):
        assert set(StoredFile.objects.values_list("pk", flat=True)) == {own.pk}


def test_nobody_stores_in_anothers_name(system: Scope) -> None:
    with put_on(Scope.of_groups((5,), actor=9)), pytest.raises(DatabaseError, match="row-level security"):
        stored(owner=8)


def test_a_hand_over_is_written_before_the_first_byte(system: Scope) -> None:
    file = stored(b"isi")
    scope = Scope.nation(actor=9)
    response = storage.download(file, scope=scope)
    assert (response["Content-Length"], response["Cache-Control"]) == ("3", "no-store")
    assert b"".join(response.streaming_content) == b"isi"
    with put_on(scope):
        entry = Entry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.verb, entry.actor) == ("file.opened", 9)
    assert str(file.pk) in (entry.body or "")


def test_without_an_entry_no_byte_is_handed_over(system: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise DatabaseError("no log")

    monkeypatch.setattr(storage.log, "record", refuse)
    with pytest.raises(DatabaseError):
        next(iter(storage.download(stored(), scope=Scope.nation()).streaming_content))


def test_bytes_without_a_row_are_swept(system: Scope) -> None:
    kept, gone = stored(b"kept"), stored(b"gone")
    twin = stored(b"kept", region_no=HIYUNG)
    storage.delete(gone)
    storage.delete(kept)
    assert storage.sweep() == 0  # too young: its transaction may not have committed
    assert storage.sweep(older_than_seconds=-1) == 1
    assert storage.read(twin) == b"kept"


def test_a_large_file_needs_the_memory_of_a_piece(tmp_path: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from harapan.database import keys
from harapan.files import chunks
keys.hold(keys.Ring.of({1: bytes(32)}, 1))
big = Path(sys.argv[1]) / "big"
with big.open("wb") as file:
    file.truncate(300 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with big.open("rb") as source, (Path(sys.argv[1]) / "locked").open("wb") as target:
    chunks.encrypt(source, target, name="n")
assert sum(map(len, chunks.pieces(Path(sys.argv[1]) / "locked", name="n"))) == 300 << 20
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    assert int(grown) < 30_000  # KiB


def test_pieces_are_not_interchangeable(system: Scope, tmp_path: Path) -> None:
    contents = os.urandom(3 * PIECE)
    path = tmp_path / "f"
    with path.open("wb") as target:
        chunks.encrypt(io.BytesIO(contents), target, name="n")
    raw, step = path.read_bytes(), PIECE + chunks.TAG_BYTES
    head, first, second, rest = raw[:20], raw[20 : 20 + step], raw[20 + step : 20 + 2 * step], raw[20 + 2 * step :]
    path.write_bytes(head + second + first + rest)
    with pytest.raises(FileBroken):
        list(chunks.pieces(path, name="n"))
