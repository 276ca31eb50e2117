"""A round of recruitment through the database: closed, checked, called to interviews, frozen, ranked, paged, replayed.

Applicants are drawn by chance for places in true kecamatan and written in bulk; from there on the very actions run
that pages and commands call. The ranking alone, in memory, is measured beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

from bench.imports import officer
from harapan.accounts.models import Post
from harapan.database.fields import draw_ids
from harapan.database.scope import Scope, put_on
from harapan.database.sealing import seal_column
from harapan.demo.writing import Columns, write
from harapan.files import storage
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.ui.pages import keyset
from harapan.workforce.models import (
    Application,
    ApplicationDocument,
    Formation,
    RecruitmentRound,
    StageScore,
)
from harapan.workforce.recruitment import checking, freezing, rounds
from harapan.workforce.recruitment.law import rules_on
from harapan.workforce.recruitment.queries import figures, ranked_rows
from harapan.workforce.recruitment.ranking import INPUT, rank, rows_of
from harapan.workforce.recruitment.replay import replay
from harapan.workforce.recruitment.scoring import Score, put_scores, still_in

DAY = date(2019, 12, 1)
CODE = "ukur"
OPENS, CLOSES, AFTER = DAY, DAY + timedelta(days=14), DAY + timedelta(days=15)
APPLICANTS_PER_PLACE = 60
PLACES_PER_FORMATION = 2
ADMITTED = 0.45
PAGE_SIZE = 50


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--applications", type=int, default=150_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    report: dict[str, Any] = {"applications": chosen.applications, "load_before": round(os.getloadavg()[0], 1)}
    report["steps"] = [in_memory(chosen.applications), *through_database(chosen.applications)]
    report["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for step in report["steps"]:
        sys.stdout.write(f"{step['name']:42} {step['seconds']:8.2f} s  {step['answer']}\n")
    sys.stdout.write(f"{'peak memory':42} {report['peak_rss_mb']:8} MB, load before {report['load_before']}\n")


def in_memory(applications: int) -> dict[str, Any]:
    """The ranking alone."""
    table = drawn(applications, seed=1)
    began = time.perf_counter()
    rows = rows_of(rank(table, rules_on(DAY), seed="bench"))
    return _step("rank in memory", time.perf_counter() - began, f"{len(rows)} ranked")


def _step(name: str, seconds: float, answer: str) -> dict[str, Any]:
    return {"name": name, "seconds": round(seconds, 2), "answer": answer}


def through_database(applications: int) -> Iterator[dict[str, Any]]:
    user, post = officer()
    scope, who = post.scope(actor=user.pk, via="bench"), {"by": user, "post": post}
    found = _round(post)
    began = time.perf_counter()
    _applied(found, applications)
    yield _step("write applications", time.perf_counter() - began, f"{found.formations.count()} formations")

    def timed(name: str, do: Callable[[], Any], say: Callable[[Any], str] = lambda value: "") -> dict[str, Any]:
        began = time.perf_counter()
        with put_on(scope):
            value = do()
        return _step(name, time.perf_counter() - began, say(value))

    yield timed("close", lambda: rounds.close_applications(found.pk, **who, on=AFTER))
    yield timed("check administration", lambda: checking.check_all(found.pk, **who), str)
    for stage in ("psychological", "competence"):
        yield timed(f"scores of {stage}", lambda stage=stage: _scored(found, stage, user), str)
    yield timed("shortlist: freeze, rank, store", lambda: freezing.make_shortlist(found.pk, **who), _counted)
    yield timed("announce it", lambda: rounds.announce_shortlist(found.pk, **who, on=AFTER))
    yield timed("scores of interview", lambda: _scored(found, "interview", user), str)
    yield timed("rank: freeze, rank, store", lambda: freezing.make_ranking(found.pk, **who), _counted)
    with put_on(scope, read_only=True):
        latest = found.rankings.select_related("round", "input_file").latest("version")
    for name, query in (("first page", ""), ("page in the middle", _middle(latest, post, scope))):
        yield timed(f"{name} of the ranking", lambda query=query: _page(latest, post, query), str)
    yield timed("figures of the round", lambda: figures(found, post).counted, str)
    yield timed("replay", lambda: replay(latest), lambda told: "same" if told.same else told.difference)


def _counted(made: Any) -> str:
    return f"{made.applicants} ranked"


def _round(post: Post) -> RecruitmentRound:
    """An open round over true kecamatan; a former one of the measured database goes first."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', false)")
        cursor.execute("TRUNCATE workforce_recruitmentround CASCADE")
    with put_on(Scope.batch(via="bench")):
        made = rounds.plan_round(
            CODE, "Putaran ukur", cohort=2020, opens_on=OPENS, closes_on=CLOSES, begins_on=AFTER + timedelta(days=60),
            region=None, by=post.user, post=post,
        )  # fmt: skip
        districts = Region.objects.at(Level.DISTRICT).order_by("no").values_list("no", flat=True)
        rounds.set_formations(
            made.pk, {(no, "facilitator"): PLACES_PER_FORMATION for no in districts[:1250]}, post=post
        )
        return rounds.open_round(made.pk, by=post.user, post=post, on=OPENS)


def _applied(found: RecruitmentRound, applications: int) -> None:
    """So many sent applications, each of its own NIK, with the documents that the rules ask for."""
    chance, begun = Random(1), datetime(2019, 12, 2, 9, tzinfo=timezone.get_current_timezone())
    with put_on(Scope.batch(via="bench")):
        places = list(Formation.objects.filter(round=found).order_by("id").values_list("pk", "region_id"))
        chosen = chance.choices(places, k=applications)
        ids = draw_ids(Application, applications)
        table = Application._meta.db_table
        niks: list[str | None] = [
            f"{region // 10_000:06d}{41 + no // 9999:02d}0190{no % 9999 + 1:04d}"
            for no, (_formation, region) in enumerate(chosen)
        ]
        nik, nik_ix = seal_column(niks, kind="nik", table=table, row_ids=ids)
        columns: Columns = {
            "id": ids, "formation_id": [formation for formation, _region in chosen],
            "region_no": [region for _formation, region in chosen], "number": [f"{no:010d}" for no in ids],
            "participant_no": chance.sample(Application.PARTICIPANT_NOS, applications), "nik": nik, "nik_ix": nik_ix,
            "born_on": [date(1987, 1, 1) + timedelta(days=chance.randrange(365 * 10)) for _ in ids],
            "education": ["bachelor" if chance.random() < ADMITTED else "senior" for _ in ids],
            "lives_in_id": [region for _formation, region in chosen],
        }  # fmt: skip
        write(
            Application, columns, round_id=found.pk, state="submitted", name="PELAMAR UKUR", email="", sex=2,
            study="", address="Jl. Ukur 1", experience_years=1, begun_at=begun, submitted_at=begun,
        )  # fmt: skip
        _documented(found, list(zip(ids, (region for _formation, region in chosen), strict=True)))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # months of applying leave statistics behind


def _documented(found: RecruitmentRound, sent: list[tuple[int, int]]) -> None:
    kept = storage.store("ukur.pdf", kind="application", contents=b"%PDF-1.7", owner=-1, media_type="application/pdf")
    rows = [(no, region, kind) for no, region in sent for kind in rounds.rules_of(found).documents]
    columns: Columns = {
        "application_id": [no for no, _region, _kind in rows], "region_no": [region for _no, region, _kind in rows],
        "kind": [kind for _no, _region, kind in rows],
    }  # fmt: skip
    write(ApplicationDocument, columns, file_id=kept.pk, added_at=timezone.now())


def _scored(found: RecruitmentRound, stage: str, user: Any) -> int:
    chance = Random(stage)
    asked = still_in(found.pk, stage, rounds.rules_of(found)).order_by("participant_no")
    scores = [
        Score(pk, region, round(min(100.0, max(0.0, chance.gauss(66, 14)))) * 100)
        for pk, region in asked.values_list("pk", "region_no")
    ]
    return put_scores(scores, stage=stage, source=StageScore.Source.FILE, by=user)


def _page(ranking: Any, post: Post, query: str) -> int:
    request = RequestFactory().get(f"/?{query}")
    return len(keyset(request, ranked_rows(ranking, post), order=("formation_id", "place"), size=PAGE_SIZE))


def _middle(ranking: Any, post: Post, scope: Scope) -> str:
    """The query of a page far behind the first."""
    with put_on(scope):
        rows = ranked_rows(ranking, post)
        start = rows.order_by("formation_id").values_list("formation_id", flat=True)[ranking.applicants // 2]
        request = RequestFactory().get("/")
        page = keyset(request, rows.filter(formation_id__gte=start), order=("formation_id", "place"), size=PAGE_SIZE)
    return page.next_query


def drawn(applications: int, *, seed: int, quota: int = PLACES_PER_FORMATION, formations: int = 0) -> pa.Table:
    """So many applicants of `ranking.INPUT`; scores as tests give them, with many equal ones."""
    chance = Random(seed)
    formations = formations or max(1, applications // (APPLICANTS_PER_PLACE * quota))
    born = date(1985, 1, 1)
    columns: list[list[Any]] = [[] for _ in INPUT]
    for number in range(1, applications + 1):
        passed = chance.random() < ADMITTED
        tests = [round(min(100.0, max(0.0, chance.gauss(62, 14)))) * 100 if passed else None for _ in range(2)]
        spoken = round(min(100.0, max(0.0, chance.gauss(70, 10)))) * 100 if passed else None
        row = (
            number, chance.randrange(formations) + 1, quota, 10_000 if passed else 0, *tests, spoken,
            chance.random() < 0.8, born + timedelta(days=chance.randrange(365 * 15)),
        )  # fmt: skip
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    arrays = [pa.array(values, kind.type) for values, kind in zip(columns, INPUT, strict=True)]
    return pa.Table.from_arrays(arrays, schema=INPUT)
