"""Lines of the ministry's list that are not PKH: kept for the programme record, so that nothing is lost."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.sealing import seal_column
from harapan.database.staging import staged
from harapan.intake.errand import Errand
from harapan.intake.models import OtherProgrammeRow, Verdict

COLUMNS = {
    "id": "bigint", "line": "int", "programme": "text", "wave": "text", "person_key": "text", "family_id": "bigint",
    "region_no": "bigint", "nik": "bytea", "nik_ix": "bytea", "name": "text", "bank": "text", "amount_idr": "bigint",
}  # fmt: skip
_KEEP = """
    INSERT INTO intake_otherprogrammerow AS kept (id, run_id, line, stage, programme, wave, person_key, family_id,
                                                  region_no, nik, nik_ix, name, bank, amount_idr)
    SELECT id, %(run)s, line, %(stage)s, programme, wave, person_key, family_id, region_no, nik, nik_ix, name, bank,
           amount_idr
    FROM other ORDER BY line
    ON CONFLICT ON CONSTRAINT other_programme_once DO UPDATE
        SET run_id = excluded.run_id, line = excluded.line, amount_idr = excluded.amount_idr, bank = excluded.bank
        WHERE (kept.amount_idr, kept.bank) IS DISTINCT FROM (excluded.amount_idr, excluded.bank)
    RETURNING line, id"""


def keep(errand: Errand, rows: dict[int, dict[str, Any]], found: dict[int, int]) -> None:
    """Set the lines aside under their programme. Brought in again, they change nothing."""
    rows = _without_twice(errand, rows)
    if not rows:
        return
    ids = draw_ids(OtherProgrammeRow, len(rows))
    drawn = set(ids)
    table = "intake_otherprogrammerow"
    sealed = seal_column([row["nik"] for row in rows.values()], kind="nik", table=table, row_ids=ids)
    columns = zip(ids, rows.items(), *sealed, strict=True)
    staged_rows = (
        (number, line, row["programme"].upper()[:40], row["wave"][:20], _person_key(row), found.get(line),
         row["region"], nik, nik_ix, row["name"][:120], row["bank"][:20], row["amount_idr"])
        for number, (line, row), nik, nik_ix in columns
    )  # fmt: skip
    with staged("other", COLUMNS, staged_rows) as cursor:
        cursor.execute(_KEEP, {"run": errand.run.pk, "stage": errand.run.stage})
        written = {line: number in drawn for line, number in cursor.fetchall()}
    for line, row in rows.items():
        new = written.get(line)
        verdict = Verdict.UNCHANGED if new is None else Verdict.ACCEPTED if new else Verdict.CHANGED
        errand.answers.settle(line, verdict, family_id=found.get(line), region_no=row["region"])
        errand.answers.warn(
            line, Phrase("Bukan PKH ({programme}): disimpan untuk catatan program lain.", programme=row["programme"])
        )


def _without_twice(errand: Errand, rows: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The lines that are alone with their person, programme and wave; the others are refused, each naming its like."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for line, row in rows.items():
        alike[row["region"], row["programme"].upper()[:40], row["wave"][:20], _person_key(row)].append(line)
    for lines in alike.values():
        for line in lines if len(lines) > 1 else ():
            others = ", ".join(str(other) for other in lines if other != line)
            errand.answers.refuse(
                line,
                Phrase(
                    "Baris {others} adalah orang yang sama untuk bansos dan gelombang yang sama. Hapus salah satunya.",
                    others=others,
                ),
            )
    twice = {line for lines in alike.values() if len(lines) > 1 for line in lines}
    return {line: row for line, row in rows.items() if line not in twice}


def _person_key(row: dict[str, Any]) -> str:
    return row["beneficiary_id"] or (row["nik_ix"] or row["kk_ix"]).hex()
