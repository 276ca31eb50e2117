from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from harapan.core.errors import Refused, Unreadable
from harapan.engine.output import OutputFolder
from harapan.engine.run import run, run_tables
from harapan.engine.tables import ENTITLEMENTS, INPUTS, LINES
from tests.engine.builders import RULES, rules


def read(folder: Path, name: str) -> pa.Table:
    return pa.concat_tables(pq.ParquetFile(path).read() for path in sorted(folder.glob(f"{name}*.parquet")))


def inputs(folder: Path) -> dict[str, pa.Table]:
    return {name: read(folder, name) for name in INPUTS}


def test_the_output_is_typed_ordered_and_adds_up(snapshot: Path, tmp_path: Path) -> None:
    summary = run(snapshot, tmp_path / "out", rules=RULES)
    entitlements, lines = read(tmp_path / "out", "entitlements"), read(tmp_path / "out", "lines")
    assert entitlements.schema.equals(ENTITLEMENTS)
    assert lines.schema.equals(LINES)
    assert entitlements.column("family_id").to_pylist() == list(range(1, 3001))
    assert pc.sum(entitlements.column("net_idr")).as_py() == summary.totals.net_idr
    assert summary.totals.gross_idr - summary.totals.cut_idr == summary.totals.net_idr
    counted = pc.sum(pc.if_else(lines.column("counted"), lines.column("stage_idr"), 0)).as_py()
    assert counted + summary.totals.back_pay_idr == summary.totals.gross_idr
    assert 0 < summary.totals.recovered_idr < summary.totals.cut_idr


def test_the_same_run_twice_is_identical(snapshot: Path, tmp_path: Path) -> None:
    first = run(snapshot, tmp_path / "a", rules=RULES)
    second = run(snapshot, tmp_path / "b", rules=RULES)
    assert first.output_sha256 == second.output_sha256


@pytest.mark.usefixtures("small_ranges")
def test_ranges_leave_no_trace_in_the_result(snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_ranges = run(snapshot, tmp_path / "a", rules=RULES)
    assert len(list((tmp_path / "a").glob("lines-*.parquet"))) == 3
    monkeypatch.setattr("harapan.engine.snapshot.RANGE_FAMILIES", 5000)
    assert run(snapshot, tmp_path / "b", rules=RULES).output_sha256 == in_ranges.output_sha256


def test_memory_and_folder_give_the_same_in_any_order_of_rows(snapshot: Path, tmp_path: Path) -> None:
    stored = run(snapshot, tmp_path / "out", rules=RULES)
    shuffled = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in inputs(snapshot).items()}
    result = run_tables(**shuffled, rules=RULES)
    assert result.output_sha256 == stored.output_sha256
    assert result.entitlements.equals(read(tmp_path / "out", "entitlements"))


def test_the_manifest_names_everything_the_run_rests_on(snapshot: Path, tmp_path: Path) -> None:
    summary = run(snapshot, tmp_path / "out", rules=RULES)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["output_sha256"] == summary.output_sha256
    assert manifest["rules"] == json.loads(RULES.as_json())
    assert set(manifest["inputs"]) == {path.name for path in snapshot.glob("*.parquet")}
    assert manifest["rows"]["families"] == manifest["rows"]["entitlements"] == 3000
    assert manifest["rows"]["claims"] >= manifest["rows"]["eligible"] >= manifest["rows"]["counted"] > 0
    assert manifest["engine"] == {"name": "harapan-engine", "version": "2"}


@pytest.mark.usefixtures("small_ranges")
def test_a_killed_run_goes_on_after_its_last_range(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OutputFolder.store

    def killed(folder: OutputFolder, result: object, number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt
        store(folder, result, number)  # type: ignore[arg-type]

    monkeypatch.setattr(OutputFolder, "store", killed)
    with pytest.raises(KeyboardInterrupt):
        run(snapshot, tmp_path / "out", rules=RULES)
    assert not (tmp_path / "out").exists()
    first = tmp_path / "out.sebagian" / "lines-0000.parquet"
    written = first.stat().st_mtime_ns

    stored: list[int] = []
    monkeypatch.setattr(
        OutputFolder, "store", lambda self, result, number: stored.append(number) or store(self, result, number)
    )
    again = run(snapshot, tmp_path / "out", rules=RULES)
    assert stored == [2]
    assert (tmp_path / "out" / "lines-0000.parquet").stat().st_mtime_ns == written
    assert not first.parent.exists()
    assert again.output_sha256 == run(snapshot, tmp_path / "whole", rules=RULES).output_sha256


@pytest.mark.usefixtures("small_ranges")
def test_another_law_does_not_take_up_what_was_begun(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = OutputFolder(tmp_path / "out", {"stage": "something else"})
    (begun.partial / "range-0000.json").write_text("{}")
    run(snapshot, tmp_path / "out", rules=RULES)
    assert not begun.partial.exists()


def test_steps_can_be_kept_to_look_at(snapshot: Path, tmp_path: Path) -> None:
    run(snapshot, tmp_path / "out", rules=RULES, keep=["claims", "gross"])
    claims = pq.ParquetFile(tmp_path / "out" / "steps" / "claims-0000.parquet").read()
    assert {"member_id", "component", "eligible", "reason"} <= set(claims.column_names)
    with pytest.raises(Refused, match="Langkah nothing tidak ada"):
        run(snapshot, tmp_path / "other", rules=RULES, keep=["nothing"])


def test_progress_is_told_range_by_range(snapshot: Path, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    run(snapshot, tmp_path / "out", rules=RULES, told=lambda done, of: heard.append((done, of)))
    assert heard == [(1, 1)]


def test_no_families_is_an_empty_result(snapshot: Path) -> None:
    result = run_tables(**{name: schema.empty_table() for name, schema in INPUTS.items()}, rules=RULES)
    assert (result.entitlements.num_rows, result.lines.num_rows, result.totals.net_idr) == (0, 0, 0)


def changed(table: pa.Table, column: str, value: object) -> pa.Table:
    """The table with another value in the first row."""
    values = table.column(column).to_pylist()
    values[0] = value
    place = table.column_names.index(column)
    return table.set_column(place, column, pa.array(values, table.schema.field(column).type))


@pytest.mark.parametrize(
    ("table", "column", "value", "sentence"),
    [
        ("members", "school_level", 7, r"jenjang sekolah \(school_level\) yang tidak dikenal"),
        ("members", "listed_component", 9, r"komponen \(listed_component\) yang tidak dikenal"),
        ("members", "born_ymd", 19991340, "bukan tanggal"),
        ("members", "pregnant", None, "kolom pregnant kosong"),
        ("members", "family_id", 999_999, "kali|tidak cocok|tidak ada"),
        ("families", "channel", 5, r"saluran \(channel\) yang tidak dikenal"),
        ("families", "family_id", 2, "urut atau memuat kunci ganda|tidak ada|tidak cocok"),
        ("observations", "outcome", 1, r"hasil \(outcome\) yang tidak dikenal"),
        ("adjustments", "back_pay_idr", -1, r"kekurangan \(back_pay_idr\) di bawah nol"),
        ("adjustments", "recovery_idr", -1, r"kelebihan \(recovery_idr\) di bawah nol"),
        ("adjustments", "family_id", 999_999, "tidak cocok"),
    ],
)
def test_a_row_nobody_understands_stops_the_run(
    snapshot: Path, table: str, column: str, value: object, sentence: str
) -> None:
    given = inputs(snapshot)
    given[table] = changed(given[table], column, value)
    with pytest.raises(Refused, match=sentence):
        run_tables(**given, rules=RULES)


def test_a_member_twice_stops_the_run(snapshot: Path) -> None:
    given = inputs(snapshot)
    child = given["members"].filter(pc.equal(given["members"].column("school_level"), 3)).slice(0, 1)
    given["members"] = pa.concat_tables([given["members"], child])
    with pytest.raises(Refused, match="kunci ganda"):
        run_tables(**given, rules=RULES)


def test_an_adjustment_of_nobody_or_given_twice_stops_the_run(snapshot: Path) -> None:
    given = inputs(snapshot)
    first = given["adjustments"].slice(0, 1)
    twice = given | {"adjustments": pa.concat_tables([given["adjustments"], first])}
    with pytest.raises(Refused, match=r"adjustments memuat keluarga .* lebih dari sekali"):
        run_tables(**twice, rules=RULES)
    family_id = first.column("family_id")[0].as_py()
    without = {name: table.filter(pc.not_equal(table.column("family_id"), family_id)) for name, table in given.items()
               if name not in ("facility_months", "adjustments")}  # fmt: skip
    with pytest.raises(Refused, match=f"adjustments memuat keluarga {family_id}, yang tidak ada"):
        run_tables(**given | without, rules=RULES)


def test_a_snapshot_from_before_adjustments_is_computed_without_them(snapshot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(snapshot, copy)
    (copy / "manifest.json").unlink()
    (copy / "adjustments-0000.parquet").unlink()
    older = run(copy, tmp_path / "older", rules=RULES)
    assert (older.totals.back_pay_idr, older.totals.recovered_idr) == (0, 0)
    given = inputs(snapshot)
    del given["adjustments"]
    assert run_tables(**given, rules=RULES).output_sha256 == older.output_sha256


def test_a_missing_rate_stops_the_run(snapshot: Path, tmp_path: Path) -> None:
    without = tuple(replace(rule, annual_idr=0) if rule.component == 5 else rule for rule in RULES.components)
    with pytest.raises(Refused, match="belum memuat nilai bantuan untuk SMA sederajat"):
        run(snapshot, tmp_path / "out", rules=rules(components=without))
    assert list(tmp_path.iterdir()) == []


def test_a_changed_snapshot_is_refused(snapshot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(snapshot, copy)
    members = copy / "members-0000.parquet"
    pq.write_table(changed(pq.ParquetFile(members).read(), "pregnant", True), members)
    with pytest.raises(Refused, match=r"members-0000\.parquet .* tidak sama"):
        run(copy, tmp_path / "out", rules=RULES)


@pytest.mark.usefixtures("small_ranges")
def test_a_bad_row_in_the_first_range_ends_a_long_run(snapshot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(snapshot, copy)
    (copy / "manifest.json").unlink()
    members = copy / "members-0000.parquet"
    pq.write_table(changed(pq.ParquetFile(members).read(), "school_level", 9), members)
    with pytest.raises(Refused, match="jenjang sekolah"):
        run(copy, tmp_path / "out", rules=RULES)
    assert not (tmp_path / "out").exists()


def test_a_broken_snapshot_is_refused_with_its_file(snapshot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(snapshot, copy)
    (copy / "members-0000.parquet").write_bytes(b"not parquet")
    with pytest.raises(Unreadable, match=r"members-0000\.parquet bukan berkas Parquet"):
        run(copy, tmp_path / "out", rules=RULES)
    (copy / "members-0000.parquet").unlink()
    with pytest.raises(Unreadable, match=r"tidak memuat members\.parquet"):
        run(copy, tmp_path / "out", rules=RULES)
    with pytest.raises(Unreadable, match="tidak ada"):
        run(tmp_path / "nowhere", tmp_path / "out", rules=RULES)


def test_an_existing_result_is_never_overwritten(snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(Refused, match="sudah ada"):
        run(snapshot, tmp_path / "out", rules=RULES)
