"""`audit verify --deep`: what an owner of the database changes in runs or files afterwards is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.custody.office import Office

DEEP = ("audit", "verify", "--deep")
PART = "benefits_{table}_r2"
UNGUARDED = "ALTER TABLE benefits_{table}_r2 DISABLE TRIGGER append_only"


@pytest.fixture
def unguarded(office: Office) -> Office:
    """Run 2 with its guard taken off, as only the owner can."""
    office.sql(*(UNGUARDED.format(table=table) for table in ("entitlement", "line")))
    return office


def first_broken(office: Office) -> str:
    answer = office.done(*DEEP, status=1)
    assert set(answer) == {"entries", "sealed", "intact", "first_broken"}
    assert answer["intact"] is False
    return str(answer["first_broken"])


def test_what_was_not_touched_is_whole(office: Office) -> None:
    answer = office.done(*DEEP)
    assert (answer["intact"], answer["first_broken"]) == (True, None)
    assert answer["entries"] == answer["sealed"] > 400


def test_a_changed_rupiah_is_named_by_its_run(unguarded: Office) -> None:
    unguarded.sql("UPDATE benefits_entitlement_r2 SET net_idr = net_idr + 1 WHERE family_id = 5")
    assert unguarded.done("audit", "verify")["intact"] is True  # the log itself is whole
    said = first_broken(unguarded)
    assert said.startswith("Hasil hitung 2 (tahap 2025-2): barisnya diubah")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("knife", "words"),
    [
        ("DELETE FROM benefits_line_r2 WHERE family_id = 5", "Hasil hitung 2 (tahap 2025-2): barisnya diubah"),
        ("UPDATE benefits_line_r2 SET counted = NOT counted WHERE family_id = 5", "barisnya diubah"),
        ("UPDATE benefits_line_r2 SET region_no = 1 WHERE family_id = 5", "tempat sebagian barisnya"),
        ("UPDATE benefits_run SET output_sha256 = repeat('0', 64) WHERE id = 2", "sidik atau jumlahnya"),
        ("UPDATE benefits_run SET retired_at = now() WHERE id = 2", "dihapus tanpa catatan"),
        ("UPDATE benefits_run SET state = 'failed' WHERE id = 2", "tidak ada lagi"),
    ],
)
def test_any_change_of_a_run_is_named(unguarded: Office, knife: str, words: str) -> None:
    unguarded.sql(knife)
    assert words in first_broken(unguarded)


def test_a_changed_file_is_named(office: Office) -> None:
    path = stored(office)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    name = office.sql(f"SELECT name FROM files_storedfile WHERE digest = '{path.name}'")
    assert first_broken(office).startswith(f"Berkas {name} (")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("knife", "words"),
    [
        ("UPDATE files_storedfile SET digest = repeat('0', 64)", "bukan lagi yang dicatat"),
        ("DELETE FROM files_storedfile", "dihapus dari daftar tanpa catatan"),
    ],
)
def test_a_changed_row_of_files_is_named(office: Office, knife: str, words: str) -> None:
    office.sql(
        "ALTER TABLE files_storedfile DISABLE TRIGGER ALL",
        f"{knife} WHERE id = (SELECT min(id::text)::uuid FROM files_storedfile)",
    )
    assert words in first_broken(office)


def test_anchors_from_outside_tell_of_a_log_cut_off(office: Office, folder: Path) -> None:
    """Somebody with the key of seals too: the log agrees with itself, and only the copy elsewhere does not."""
    outside = folder / "anchors"
    outside.mkdir()
    kept = office.var / "anchors" / "latest.json"
    (outside / "latest.json").write_bytes(kept.read_bytes())
    office.sql(
        "ALTER TABLE audit_seal DISABLE TRIGGER append_only",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_seal",
    )
    for path in kept.parent.iterdir():
        path.unlink()
    assert office.done("audit", "verify")["intact"] is None
    answer = office.done("audit", "verify", "--anchors", str(outside), status=1)
    assert "Terpotong" in answer["first_broken"]


def stored(office: Office) -> Path:
    return min((office.var / "files").glob("??/*"))
