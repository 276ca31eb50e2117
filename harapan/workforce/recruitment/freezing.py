"""A round's scores frozen into a file, ranked, and the result kept: file and rules give the same to anybody."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connections
from django.db.models import Max

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import active_alias, atomic
from harapan.database.staging import staged
from harapan.files import storage
from harapan.workforce.models import RankedApplication, Ranking, RecruitmentRound, SelectionStage, StageScore
from harapan.workforce.models.person import NATION
from harapan.workforce.recruitment.ranking import INPUT, RESULT, digest_of, rank, rows_of
from harapan.workforce.recruitment.rounds import locked, rules_of
from harapan.workforce.recruitment.rules import STAGES, RoundRules

State = RecruitmentRound.State

_SCORES = ", ".join(f"max(s.score) FILTER (WHERE s.stage = '{stage}')" for stage in STAGES)
_READ = f"""
    SELECT a.participant_no, a.formation_id, f.quota, {_SCORES},
           coalesce(a.lives_in_id >= f.region_id AND a.lives_in_id < f.region_id + CASE
               WHEN f.region_id %% 100000000 = 0 THEN 100000000 WHEN f.region_id %% 1000000 = 0 THEN 1000000
               ELSE 10000 END, false), a.born_on
    FROM workforce_application a JOIN workforce_formation f ON f.id = a.formation_id
    LEFT JOIN workforce_stagescore s ON s.application_id = a.id
    WHERE a.round_id = %s AND a.state = 'submitted' AND a.set_aside_on IS NULL AND a.participant_no IS NOT NULL
    GROUP BY a.id, f.id ORDER BY a.participant_no"""  # noqa: S608  (codes of our own)


def read_input(round_id: int) -> pa.Table:
    """Everybody who counts, as `ranking.INPUT`, in order of participant number. One statement."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_READ, [round_id])
        columns: Sequence[Sequence[Any]] = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(INPUT)
    arrays = [pa.array(values, kind.type) for values, kind in zip(columns, INPUT, strict=True)]
    return pa.Table.from_arrays(arrays, schema=INPUT)


def written(table: pa.Table) -> bytes:
    """The frozen input as csv: any auditor can read it without us."""
    out = io.BytesIO()
    pyarrow.csv.write_csv(table, out)
    return out.getvalue()


def read_back(raw: bytes) -> pa.Table:
    """What `written` wrote."""
    kinds = {kind.name: kind.type for kind in INPUT}
    return pyarrow.csv.read_csv(io.BytesIO(raw), convert_options=pyarrow.csv.ConvertOptions(column_types=kinds))


def fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def make_ranking(round_id: int, *, by: User, post: Post) -> Ranking:
    """Freeze, rank and keep; a further version where one stands. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.CLOSED, State.PUBLISHED, post=post)
        rules = rules_of(found)
        _refuse_unscored(found, rules)
        table = read_input(found.pk)
        if not len(table):
            raise Refused("Putaran {name} tidak punya peserta untuk diurutkan.", name=found.name)
        raw = written(table)
        rows = rows_of(rank(table, rules, seed=found.lot_seed))
        version = (found.rankings.aggregate(Max("version"))["version__max"] or 0) + 1
        kept = storage.store(
            f"{found.code}-v{version}.csv", kind="recruitment", contents=raw, owner=by.pk,
            region_no=found.region_id or NATION, media_type="text/csv",
        )  # fmt: skip
        made: Ranking = Ranking.objects.create(
            round=found, version=version, input_file=kept, input_digest=fingerprint(raw),
            rules_digest=rules.digest, result_digest=digest_of(rows), applicants=len(rows), made_by=by,
        )  # fmt: skip
        _keep(made, rows)
        log.record(
            "round.ranked", kind="round", subject=found.pk,
            body={"version": version, "input": made.input_digest, "result": made.result_digest},
        )  # fmt: skip
    return made


def _refuse_unscored(found: RecruitmentRound, rules: RoundRules) -> None:
    """A stage without any score at all was forgotten: everybody would fail it."""
    known = set(
        StageScore.objects.filter(application__round=found).order_by().values_list("stage", flat=True).distinct()
    )
    for each in rules.stages:
        if each.stage not in known:
            raise Refused(
                "Belum ada nilai {stage} satu pun. Isi nilainya lebih dahulu.",
                stage=SelectionStage(each.stage).label,
            )


_COLUMNS = {
    "formation_id": "bigint", "place": "int", "participant_no": "int", "total": "bigint", "outcome": "smallint",
    "failed_stage": "text", "tied_by": "text",
}  # fmt: skip
_KEEP = """
    INSERT INTO workforce_rankedapplication
        (ranking_id, application_id, region_no, formation_id, place, total, outcome, failed_stage, tied_by)
    SELECT %s, a.id, a.region_no, r.formation_id, r.place, r.total, r.outcome, r.failed_stage, r.tied_by
    FROM ranked r JOIN workforce_application a ON a.round_id = %s AND a.participant_no = r.participant_no"""


def _keep(made: Ranking, rows: Iterable[tuple[object, ...]]) -> None:
    with staged("ranked", _COLUMNS, rows) as cursor:
        cursor.execute(_KEEP, [made.pk, made.round_id])


def kept_rows(made: Ranking) -> list[tuple[object, ...]]:
    """The rows of a ranking as the database has them, as tuples of `ranking.RESULT`."""
    names = {"participant_no": "application__participant_no", "failed": "failed_stage", "formation": "formation_id"}
    fields = [names.get(name, name) for name in RESULT]
    rows = RankedApplication.objects.filter(ranking=made).order_by("formation_id", "place")
    return list(rows.values_list(*fields))
