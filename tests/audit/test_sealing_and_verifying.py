"""Whatever an owner of the database does to the log afterwards, verifying names it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from django.db import connection

from harapan.audit import anchors, log, merkle, seal
from harapan.audit.verify import Report, verify
from harapan.core.errors import Refused, Unreadable
from harapan.database.scope import Scope, put_on
from tests.audit.conftest import Owner

TRUE_WATERMARK = seal.WATERMARK
NOTHING_RUNS = "pg_snapshot_xmax(pg_current_snapshot())"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nothing else ran on this server: the other tests' transactions would hold the seals back."""
    monkeypatch.setattr(seal, "WATERMARK", NOTHING_RUNS)


def deeds(count: int = 3) -> None:
    """Each in a transaction of its own."""
    for number in range(count):
        with put_on(Scope.common(actor=number + 1)):
            log.record("family.looked", kind="family", subject=number, body={"page": "/keluarga/"})


def ids(owner: Owner) -> list[int]:
    return [row[0] for row in owner("SELECT id FROM audit_entry ORDER BY id")]


def checked(anchors_dir: Path | None = None) -> Report:
    with put_on(Scope.batch(via="test")):
        return verify(anchors_dir=anchors_dir)


@pytest.fixture
def sealed(owner: Owner) -> Owner:
    deeds()
    assert seal.seal_all() == 1
    deeds(2)
    assert seal.seal_all() == 1
    return owner


def test_an_untouched_log_is_whole(sealed: Owner) -> None:
    report = checked()
    assert (report.entries, report.sealed, report.intact, report.first_broken) == (5, 5, True, None)


def test_nothing_new_makes_no_seal(sealed: Owner) -> None:
    assert seal.seal_all() == 0


def test_an_hour_of_silence_is_sealed(sealed: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "EMPTY_AFTER_SECONDS", 0)
    with put_on(Scope.common(actor=1)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")  # time goes on
    assert seal._seal_next() is not None
    assert checked().intact is True


def test_a_changed_entry_is_named(sealed: Owner) -> None:
    first = ids(sealed)[1]
    sealed("UPDATE audit_entry SET actor = 99 WHERE id = %s", first)
    assert checked().broken == [f"Catatan {first} diubah (segel 1)."]


@pytest.mark.parametrize(
    "change",
    ["body = '{}'", "body = NULL", "body = NULL, salt = NULL", "why = 'x'", "at = at + interval '1 microsecond'"],
)
def test_any_change_is_seen(sealed: Owner, change: str) -> None:
    sealed(f"UPDATE audit_entry SET {change} WHERE id = %s", ids(sealed)[0])
    report = checked()
    assert report.intact is False
    assert f"Catatan {ids(sealed)[0]} " in (report.first_broken or "")


def test_a_removed_entry_is_named(sealed: Owner) -> None:
    gone = ids(sealed)[-1]
    sealed("DELETE FROM audit_entry WHERE id = %s", gone)
    assert checked().broken == [f"Catatan {gone} dihapus (segel 2)."]


def test_an_inserted_entry_is_named(sealed: Owner) -> None:
    sealed(
        "INSERT INTO audit_entry (actor, via, verb, xid) SELECT 5, 'web', 'family.looked', xid FROM audit_entry"
        " ORDER BY id LIMIT 1"
    )
    assert checked().broken == [f"Catatan {ids(sealed)[-1]} disisipkan sesudah segel 1."]


def test_an_entry_of_another_era_is_named(sealed: Owner) -> None:
    sealed("INSERT INTO audit_entry (actor, via, verb, era) VALUES (5, 'web', 'x', 12345)")
    assert checked().broken == [f"Catatan {ids(sealed)[-1]} berasal dari masa yang tidak dikenal."]


def test_a_log_cut_off_at_the_end_is_seen_from_outside(sealed: Owner) -> None:
    sealed("DELETE FROM audit_entry WHERE xid >= (SELECT after_xid FROM audit_seal WHERE no = 2)")
    sealed.cut("DELETE FROM audit_seal WHERE no = 2")
    assert "Terpotong: segel 2" in (checked().first_broken or "")


def test_without_an_anchor_nothing_is_called_whole(sealed: Owner) -> None:
    for path in anchors.folder("anchors").iterdir():
        path.unlink()
    report = checked()
    assert report.intact is None
    assert "jangkar" in report.doubt


def test_a_log_rewritten_whole_is_seen_by_its_anchor(sealed: Owner, tmp_path: Path) -> None:
    """Somebody with the signing key too seals everything anew; the copy of the anchors on another machine differs."""
    shutil.copytree(anchors.folder("anchors"), tmp_path / "anchors")
    sealed.empty()
    deeds(4)
    seal.seal_all()
    deeds(4)
    seal.seal_all()
    assert checked().intact is True
    assert "ditulis ulang" in (checked(tmp_path / "anchors").first_broken or "")


def test_a_missing_seal_is_named(sealed: Owner) -> None:
    deeds()
    seal.seal_all()
    sealed.cut("DELETE FROM audit_seal WHERE no = 2")
    assert any("segel 2 sampai 2 hilang" in line for line in checked().broken)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("entries = entries + 1", "diubah sesudah disegel"),
        ("leaves = '\\x'", "daftar daunnya"),
        ("signature = decode(repeat('00', 64), 'hex')", "tanda tangannya"),
        ("prev = decode(repeat('01', 32), 'hex')", "tidak menyambung"),
        ("after_xid = '1'", "celah"),
    ],
)
def test_a_changed_seal_is_named(sealed: Owner, change: str, words: str) -> None:
    sealed.cut(f"UPDATE audit_seal SET {change} WHERE no = 2")
    assert any(line.startswith("Segel 2:") and words in line for line in checked().broken), checked().broken


def test_a_seal_written_by_another_key_is_named(sealed: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    other = seal.Ed25519PrivateKey.generate()
    with monkeypatch.context() as patched:
        patched.setattr(seal, "signing_key", lambda: other)
        deeds(1)
        seal.seal_all()
    assert any("Segel 3: tanda tangannya" in line for line in checked().broken)


def test_the_application_cannot_touch_a_seal(sealed: Owner) -> None:
    for scope in (Scope.common(), Scope.nation(), Scope.batch()):
        for sql in ("DELETE FROM audit_seal", "UPDATE audit_seal SET entries = 0", "TRUNCATE audit_seal"):
            with pytest.raises(Exception, match=r"permission denied"), put_on(scope), connection.cursor() as cursor:
                cursor.execute(sql)


def test_even_the_owner_must_take_the_guard_off(sealed: Owner) -> None:
    with pytest.raises(Exception, match="append-only"):
        sealed("DELETE FROM audit_seal")


def test_erasure_under_the_law_leaves_the_log_whole(sealed: Owner) -> None:
    erased = ids(sealed)[0]
    with put_on(Scope.batch(actor=3)), connection.cursor() as cursor:
        cursor.execute("SELECT harapan.redact(%s, 3, 'Surat 1/2026')", [erased])
        assert cursor.fetchone()[0] is True
    assert sealed("SELECT body, salt FROM audit_entry WHERE id = %s", erased) == [(None, None)]
    seal.seal_all()
    assert checked().intact is True


def test_erasure_without_its_entry_is_named(sealed: Owner) -> None:
    erased = ids(sealed)[0]
    sealed(
        "UPDATE audit_entry SET redacted = sha256(salt || convert_to(coalesce(body, ''), 'UTF8')), body = NULL,"
        " salt = NULL WHERE id = %s",
        erased,
    )
    assert checked().broken == [f"Isi catatan {erased} dihapus tanpa catatan penghapusan."]


def test_an_erased_entry_cannot_be_changed_under_cover(sealed: Owner) -> None:
    erased = ids(sealed)[0]
    sealed("SELECT harapan.redact(%s, 3, 'Surat 1/2026')", erased)
    sealed("UPDATE audit_entry SET actor = 99 WHERE id = %s", erased)
    assert any(f"Catatan {erased} diubah" in line for line in checked().broken)


def test_entries_of_an_open_transaction_wait(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that began earlier and commits later must not fall behind the seal."""
    monkeypatch.setattr(seal, "WATERMARK", TRUE_WATERMARK)
    began, go = threading.Event(), threading.Event()

    def slow() -> None:
        with put_on(Scope.common(actor=77)):
            log.record("slow.deed")
            began.set()
            go.wait(10)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    began.wait(10)
    deeds(2)
    seal.seal_all()
    go.set()
    writer.join()
    monkeypatch.setattr(seal, "WATERMARK", NOTHING_RUNS)
    seal.seal_all()
    report = checked()
    assert (report.entries, report.sealed, report.intact) == (3, 3, True)


def test_a_large_backlog_is_sealed_in_parts(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "ENTRIES_MAX", 2)
    deeds(5)
    with put_on(Scope.common(actor=9)):
        for _ in range(4):
            log.record("many.in_one")
    deeds(1)
    assert seal.seal_all() >= 4
    assert checked().intact is True
    assert checked().sealed == 10


def test_old_entries_without_a_seal_are_in_doubt(sealed: Owner) -> None:
    sealed("INSERT INTO audit_entry (actor, via, verb, at) VALUES (5, 'web', 'x', now() - interval '1 hour')")
    report = checked()
    assert report.intact is None
    assert "belum disegel" in report.doubt


def test_after_a_restore_the_chain_goes_on_in_a_new_era(sealed: Owner) -> None:
    deeds(2)  # not yet sealed when the dump was taken
    sealed("UPDATE harapan.era SET era = era + 1")
    with put_on(Scope.batch(actor=1)):
        log.record("database.restored")
    deeds(2)
    seal.seal_all()
    report = checked()
    assert (report.broken, report.entries, report.sealed) == ([], 10, 10)


def test_a_new_era_without_a_recorded_restore_is_named(sealed: Owner) -> None:
    sealed("UPDATE harapan.era SET era = era + 1")
    deeds(1)
    seal.seal_all()
    assert any("berganti masa" in line for line in checked().broken)


def test_anchors_that_cannot_be_read_say_so(sealed: Owner, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="tidak ada"):
        checked(tmp_path / "nowhere")
    (tmp_path / "latest.json").write_text("{not json")
    with pytest.raises(Unreadable, match="baris 1"):
        checked(tmp_path)


def test_anchors_are_for_their_owner_only(sealed: Owner) -> None:
    assert {path.stat().st_mode & 0o777 for path in anchors.folder("anchors").iterdir()} == {0o600}


def test_the_root_tells_leaves_from_nodes() -> None:
    one, two, three = (merkle.leaf([n]) for n in range(3))
    assert merkle.root([]) == merkle.NOTHING
    assert merkle.root([one]) == one
    assert merkle.root([one, two, three]) != merkle.root([merkle.root([one, two]), merkle.root([three, three])])
    assert merkle.root([one, two]) != merkle.root([two, one])
    assert list(merkle.unpacked(merkle.packed([(7, one), (8, two)]))) == [(7, one), (8, two)]
