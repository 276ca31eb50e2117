"""A round's scores frozen into a file, ranked, and the result kept: file and rules give the same to anybody."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db.models import Max

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.planning import many_rows
from harapan.database.scope import atomic
from harapan.database.staging import staged_csv
from harapan.files import storage
from harapan.workforce.models import (
    InterviewMark,
    RankedApplication,
    Ranking,
    RecruitmentRound,
    SelectionStage,
    StageScore,
)
from harapan.workforce.models.person import NATION
from harapan.workforce.recruitment.ranking import INPUT, RESULT, digest_of, rank, rows_of
from harapan.workforce.recruitment.rounds import locked, rules_of
from harapan.workforce.recruitment.rules import STAGES, RoundRules

State = RecruitmentRound.State
Told = Callable[[int, int], None]
PARTS = 4  # of making a ranking, as they are told: read, kept as a file, ranked, written

_SCORES = ", ".join(f"max(s.score) FILTER (WHERE s.stage = '{stage}') AS {stage}" for stage in STAGES)
_READ = f"""
    COPY (
        SELECT a.participant_no, a.formation_id AS formation, f.quota, {", ".join(STAGES)},
               coalesce(a.lives_in_id >= f.region_id AND a.lives_in_id < f.region_id + CASE
                   WHEN f.region_id %% 100000000 = 0 THEN 100000000 WHEN f.region_id %% 1000000 = 0 THEN 1000000
                   ELSE 10000 END, false)::text AS lives_here, a.born_on
        FROM workforce_application a JOIN workforce_formation f ON f.id = a.formation_id
        LEFT JOIN (
            SELECT s.application_id, {_SCORES} FROM workforce_stagescore s
            JOIN workforce_application b ON b.id = s.application_id AND b.round_id = %(round)s
            GROUP BY s.application_id) scored ON scored.application_id = a.id
        WHERE a.round_id = %(round)s AND a.state = 'submitted' AND a.set_aside_on IS NULL
        ORDER BY a.participant_no)
    TO STDOUT (FORMAT csv, HEADER)"""  # noqa: S608  (codes of our own)


def frozen_input(round_id: int) -> bytes:
    """Everybody who counts, as `ranking.INPUT` in csv, in order of participant number: any auditor can read it.

    One statement, and what it sends is the file: 150,000 rows never become objects of Python.
    """
    with many_rows() as cursor, cursor.copy(_READ % {"round": int(round_id)}) as copy:
        return b"".join(bytes(block) for block in copy)


def written(table: pa.Table, *, header: bool = True) -> bytes:
    """A table as csv."""
    out = io.BytesIO()
    pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(include_header=header))
    return out.getvalue()


def read_back(raw: bytes) -> pa.Table:
    """The table that a frozen file holds."""
    kinds = {kind.name: kind.type for kind in INPUT}
    return pyarrow.csv.read_csv(io.BytesIO(raw), convert_options=pyarrow.csv.ConvertOptions(column_types=kinds))


def fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def ranked_as(kind: str, table: pa.Table, rules: RoundRules, *, seed: str) -> list[tuple[object, ...]]:
    """The rows of a result or of a shortlist from the same frozen table; a shortlist has more places and fewer stages.

    Raises Refused where the rules know no shortlist.
    """
    if kind == Ranking.Kind.SHORTLIST:
        if rules.interview_per_place is None:
            raise Refused("Aturan putaran ini memanggil semua yang lulus ke wawancara, tanpa daftar panggilan.")
        places = pc.multiply(table["quota"], rules.interview_per_place).cast(pa.int32())
        table = table.set_column(table.schema.get_field_index("quota"), "quota", places)
        rules = rules.before_interview()
    return rows_of(rank(table, rules, seed=seed))


def make_ranking(round_id: int, *, by: User, post: Post, told: Told = lambda done, total: None) -> Ranking:
    """Freeze, rank and keep; a further version where one stands. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.CLOSED, State.PUBLISHED, post=post)
        _refuse_unscored(found, rules_of(found))
        return _made(found, Ranking.Kind.RESULT, by=by, told=told)


def make_shortlist(round_id: int, *, by: User, post: Post, told: Told = lambda done, total: None) -> Ranking:
    """Freeze what was scored so far and rank who is interviewed; again until the first of them is marked.

    Raises Forbidden, Refused.
    """
    with atomic():
        found = locked(round_id, State.CLOSED, post=post)
        rules = rules_of(found)
        if not rules.shortlists:
            raise Refused("Aturan putaran ini memanggil semua yang lulus ke wawancara, tanpa daftar panggilan.")
        marked = InterviewMark.objects.filter(application__round=found).count()
        if marked:
            raise Refused(
                "Wawancara sudah dimulai ({n} penilaian), jadi daftar panggilan tidak dapat disusun lagi. Koreksi "
                "nilai peserta yang keliru; peringkat akhir memakainya.", n=marked,
            )  # fmt: skip
        _refuse_unscored(found, rules.before_interview())
        return _made(found, Ranking.Kind.SHORTLIST, by=by, told=told)


def _made(found: RecruitmentRound, kind: Ranking.Kind, *, by: User, told: Told) -> Ranking:
    rules = rules_of(found)
    told(0, PARTS)
    raw = frozen_input(found.pk)
    table = read_back(raw)
    if not len(table):
        raise Refused("Putaran {name} tidak punya peserta untuk diurutkan.", name=found.name)
    told(1, PARTS)
    version = (found.rankings.aggregate(Max("version"))["version__max"] or 0) + 1
    kept = storage.store(
        f"{found.code}-v{version}.csv", kind="recruitment", contents=raw, owner=by.pk,
        region_no=found.region_id or NATION, media_type="text/csv",
    )  # fmt: skip
    told(2, PARTS)
    rows = ranked_as(kind, table, rules, seed=found.lot_seed)
    told(3, PARTS)
    made: Ranking = Ranking.objects.create(
        round=found, kind=kind, version=version, input_file=kept, input_digest=fingerprint(raw),
        rules_digest=rules.digest, result_digest=digest_of(rows), applicants=len(rows), made_by=by,
    )  # fmt: skip
    _keep(made, rows, table)
    log.record(
        "round.ranked" if kind == Ranking.Kind.RESULT else "round.shortlisted", kind="round", subject=found.pk,
        body={"version": version, "input": made.input_digest, "result": made.result_digest},
    )  # fmt: skip
    return made


def _refuse_unscored(found: RecruitmentRound, rules: RoundRules) -> None:
    """A stage without any score at all was forgotten: everybody would fail it."""
    scored = StageScore.objects.filter(application__round=found)
    for each in rules.stages:
        if not scored.filter(stage=each.stage).exists():
            raise Refused(
                "Belum ada nilai {stage} satu pun. Isi nilainya lebih dahulu.",
                stage=SelectionStage(each.stage).label,
            )


_COLUMNS = {
    "formation": "bigint", "place": "int", "participant_no": "int", "total": "bigint", "outcome": "smallint",
    "failed": "text", "tied_by": "text", **dict.fromkeys(STAGES, "int"),
}  # fmt: skip
_KEEP = f"""
    INSERT INTO workforce_rankedapplication
        (ranking_id, application_id, region_no, formation_id, place, total, outcome, failed_stage, tied_by, scores)
    SELECT %s, a.id, a.region_no, r.formation, r.place, r.total, r.outcome, r.failed, r.tied_by,
           ARRAY[{", ".join(f"r.{stage}" for stage in STAGES)}]
    FROM ranked r JOIN workforce_application a ON a.round_id = %s AND a.participant_no = r.participant_no
    ORDER BY r.formation, r.place"""  # noqa: S608  (codes of our own)


def _keep(made: Ranking, rows: Sequence[tuple[object, ...]], table: pa.Table) -> None:
    """The rows in their order, each with the scores it was ranked by; counted at once, so that pages are quick."""
    result = pa.Table.from_arrays([pa.array(values) for values in zip(*rows, strict=True)], names=list(RESULT))
    scored = result.join(table.select(["participant_no", *STAGES]), "participant_no")
    raw = written(scored.select(list(_COLUMNS)), header=False)
    with staged_csv("ranked", _COLUMNS, raw, len(rows)) as cursor:
        cursor.execute(_KEEP, [made.pk, made.round_id])
        cursor.execute("SELECT harapan.recruitment_counted()")


def kept_rows(made: Ranking) -> list[tuple[object, ...]]:
    """The rows of a ranking as the database has them, as tuples of `ranking.RESULT`."""
    names = {"participant_no": "application__participant_no", "failed": "failed_stage", "formation": "formation_id"}
    fields = [names.get(name, name) for name in RESULT]
    rows = RankedApplication.objects.filter(ranking=made).order_by("formation_id", "place")
    return list(rows.values_list(*fields))
