"""Taking in the rows of a received list: judged and written in sets, a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.actions import ensure_planned, follow_the_last, place_name
from harapan.benefits.errors import StageNotOpen
from harapan.benefits.models import Listing, Mode, ReceivedList, Stage, State
from harapan.benefits.reflecting import reflect
from harapan.benefits.tasks import compute_beside_later
from harapan.benefits.verdicts import Answered, Verdict
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import SYSTEM, atomic
from harapan.database.staging import staged
from harapan.files.models import StoredFile


class ListRow(NamedTuple):
    """One row of a list whose family is known. `wave` as written; `listed_region_no` 0 where none could be read."""

    line: int
    family_id: int
    wave: str
    name: str
    bank: str
    nominal_idr: int
    component: str = ""
    listed_region_no: int = 0
    region_text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: its own row, and the answer to each line."""

    list: ReceivedList
    answers: dict[int, Answered]


COLUMNS = {
    "line": "int", "family_id": "bigint", "wave": "text", "name": "text", "bank": "text", "nominal_idr": "bigint",
    "component": "text", "listed_region_no": "bigint", "region_text": "text",
}  # fmt: skip

# Each line beside its family as this scope sees it, the regency's state and what the stage's list says already.
_JUDGE = """
    CREATE TEMPORARY TABLE judged_listing ON COMMIT DROP AS
    SELECT i.*, f.region_no, f.group_id, r.regency_no, r.state,
           CASE WHEN f.id IS NULL THEN 'outside'
                WHEN count(*) OVER (PARTITION BY i.family_id, i.wave) > 1 THEN 'twice'
                WHEN i.nominal_idr < 0 THEN 'negative'
                WHEN r.state IS DISTINCT FROM 'open' THEN 'closed'
                WHEN l.id IS NULL THEN 'new'
                WHEN (l.name, l.bank, l.nominal_idr, l.component, l.listed_region_no)
                     = (i.name, i.bank, i.nominal_idr, i.component, i.listed_region_no) THEN 'same'
                ELSE 'changed' END AS word
    FROM incoming_listing i
    LEFT JOIN registry_family f ON f.id = i.family_id
    LEFT JOIN benefits_stageregency r ON r.stage_id = %(stage)s AND r.regency_no = f.region_no / 1000000 * 1000000
    LEFT JOIN benefits_listing l ON l.stage_id = %(stage)s AND l.family_id = i.family_id AND l.wave = i.wave"""
_REGENCIES = """
    INSERT INTO benefits_stageregency (stage_id, regency_no, state)
    SELECT DISTINCT %(stage)s::bigint, f.region_no / 1000000 * 1000000, %(open)s
    FROM incoming_listing i JOIN registry_family f ON f.id = i.family_id
    WHERE NOT EXISTS (SELECT 1 FROM benefits_stageregency r
                      WHERE r.stage_id = %(stage)s AND r.regency_no = f.region_no / 1000000 * 1000000)
    ON CONFLICT DO NOTHING"""
_WRITE = """
    INSERT INTO benefits_listing (stage_id, family_id, region_no, group_id, wave, list_id, line, name, bank,
                                  nominal_idr, component, listed_region_no, region_text)
    SELECT %(stage)s, family_id, region_no, group_id, wave, %(list)s, line, name, bank, nominal_idr, component,
           listed_region_no, region_text
    FROM judged_listing WHERE word IN ('new', 'changed') ORDER BY region_no, family_id, wave
    ON CONFLICT (stage_id, family_id, wave) DO UPDATE SET
        list_id = excluded.list_id, line = excluded.line, name = excluded.name, bank = excluded.bank,
        nominal_idr = excluded.nominal_idr, component = excluded.component,
        listed_region_no = excluded.listed_region_no, region_text = excluded.region_text"""
_TOTALS = """
    SELECT count(*), count(*) FILTER (WHERE word = 'new'), count(*) FILTER (WHERE word = 'changed'),
           count(*) FILTER (WHERE word = 'same'),
           coalesce(sum(nominal_idr) FILTER (WHERE word IN ('new', 'changed', 'same')), 0)::bigint,
           coalesce(min(region_no) FILTER (WHERE word IN ('new', 'changed', 'same')), 0),
           coalesce(max(region_no) FILTER (WHERE word IN ('new', 'changed', 'same')), 0)
    FROM judged_listing"""
_VERDICTS = {"new": Verdict.ACCEPTED, "changed": Verdict.CHANGED, "same": Verdict.UNCHANGED}


def receive_list(
    stage_name: str, rows: Iterable[ListRow], *, layout: str, file: StoredFile | None, by: User | None, on: date
) -> Taken:
    """Put rows on the list of a received stage; a stage not there yet is planned. Rows of one family and wave that came
    before are corrected, rows that do not come again stay.

    Where rows are new or changed, the computation beside the list is asked for anew (in the background, in the same
    transaction). Refused alone are rows of families outside the caller's scope, of one family and wave twice, below
    zero, and of a kabupaten/kota that is reconciled already. Raises UnknownStage. A constant number of statements.
    """
    with atomic():
        stage = ensure_planned(stage_name, by=by, on=on)
        if stage.mode != Mode.RECEIVED:
            raise Refused(
                "Hak tahap {stage} dihitung di sini, jadi daftar dari pusat tidak dapat dimuat untuknya.",
                stage=stage.name,
            )
        received = ReceivedList.objects.create(stage=stage, file=file, layout=layout, by=by, on=on)
        values: dict[str, Any] = {"stage": stage.pk, "list": received.pk, "open": State.OPEN}
        with staged("incoming_listing", COLUMNS, rows) as cursor:
            cursor.execute(_REGENCIES, values)
            if cursor.rowcount:
                follow_the_last(stage, by=by, on=on)
            cursor.execute(_JUDGE, values)
            cursor.execute(_WRITE, values)
            cursor.execute(_TOTALS)
            _note(received, cursor.fetchone())
            cursor.execute("SELECT line, word, family_id, wave, regency_no, state FROM judged_listing ORDER BY line")
            answers = _answers(stage.name, cursor.fetchall())
            cursor.execute("DROP TABLE judged_listing")
        if received.accepted or received.changed:
            reflect(stage, on=on)
            compute_beside_later(stage, actor=by.pk if by else SYSTEM, why="daftar baru diterima")
        log.record("list.received", kind="stage", subject=stage.pk, body={"list": received.pk, "rows": received.rows})
    return Taken(received, answers)


def _note(received: ReceivedList, totals: tuple[Any, ...]) -> None:
    names = ("rows", "accepted", "changed", "unchanged", "nominal_idr", "region_low", "region_high")
    for name, value in zip(names, totals, strict=True):
        setattr(received, name, value)
    received.save(update_fields=names)


def _answers(stage: str, judged: list[tuple[Any, ...]]) -> dict[int, Answered]:
    twice: dict[tuple[int, str], list[int]] = {}
    for line, word, family, wave, *_ in judged:
        if word == "twice":
            twice.setdefault((family, wave), []).append(line)
    places: dict[int, str] = {}
    answers = {}
    for line, word, family, wave, regency_no, state in judged:
        if word in _VERDICTS:
            answers[line] = Answered(_VERDICTS[word])
        elif word == "twice":
            answers[line] = Answered(Verdict.REFUSED, _said_twice(wave, twice[family, wave], line))
        elif word == "closed":
            place = places.setdefault(regency_no, place_name(regency_no))
            answers[line] = Answered(Verdict.REFUSED, StageNotOpen(stage, place, State(state).label).phrase)
        else:
            answers[line] = Answered(Verdict.REFUSED, _REFUSALS[word])
    return answers


_REFUSALS = {
    "outside": (
        Phrase(
            "Keluarga pada baris ini tidak ada di wilayah kerja Anda. Minta kabupaten/kota tempatnya "
            "tercatat memuatnya."
        )
    ),
    "negative": Phrase("Nominal di bawah nol. Tulis jumlah nol atau lebih, lalu kirim lagi baris ini."),
}


def _said_twice(wave: str, lines: list[int], line: int) -> str:
    others = ", ".join(str(other) for other in lines if other != line)
    which = Phrase(" untuk gelombang {wave}", wave=wave) if wave else ""
    return Phrase(
        "Keluarga ini juga ada di baris {others}{which}. Hapus salah satunya, lalu kirim lagi.",
        others=others,
        which=which,
    )


def due_of(families: Sequence[int], stage: Stage) -> dict[int, int]:
    """What the stage's list pays each of these families, over all waves; who is missing is not listed. One query."""
    listed = Listing.objects.filter(stage=stage, family__in=families).order_by()
    return dict(listed.values_list("family").annotate(due_idr=Sum("nominal_idr")))
