"""Forms of health and social care, and what Harapan writes out of the quarter read back in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.core.components import Component
from harapan.exchange.verification_care import codec as care
from harapan.exchange.verification_care.codec import CareHead
from harapan.registry.models import ComponentSpell, Facility, Family, Member
from harapan.verification.actions import prove
from harapan.verification.models import CareMark, Evidence, FacilityMonth, Observation
from tests.intake.conftest import HIYUNG, Bring, answers, row
from tests.web.signing import signed_in

HEAD = CareHead(2025, 1, "Posyandu Melati", "", HIYUNG)


@pytest.fixture
def child(bring: Bring) -> Member:
    bring([row(1)])
    family = Family.objects.get()
    made = Member.objects.create(family=family, name="FADILAH", name_key="FADILAH", born_on=date(2022, 3, 1))
    ComponentSpell.objects.create(
        family=family, member=made, component=Component.TODDLER, spell=DateRange(date(2024, 1, 1), None), source="list"
    )
    return made


def line(**changes: Any) -> dict[str, Any]:
    return {
        "pengurus_nik": row(1)["nik"], "name": "FADILAH", "item": "toddler.weighing", "label": "Timbang",
        "mark_1": "Y", "mark_2": "T", "mark_3": "",
    } | changes  # fmt: skip


@pytest.fixture
def brought(bring: Bring, child: Member):
    def bring_form(*rows: dict[str, Any], head: CareHead = HEAD):
        return bring(care.HEALTH.render(head, rows), layout="verification-health")

    return bring_form


def test_a_posyandu_without_code_is_noted_and_its_marks_declared(brought, child: Member) -> None:
    run = brought(line(), line(item="toddler.vitamin_a", mark_1="", mark_2="H", mark_3=""))
    assert run.accepted == 2
    posyandu = Facility.objects.get()
    assert (posyandu.kind, posyandu.code, posyandu.name, posyandu.region_id) == (
        "health",
        "",
        "Posyandu Melati",
        int(HIYUNG),
    )
    assert ComponentSpell.objects.get().facility == posyandu
    assert dict(FacilityMonth.objects.values_list("month", "manner")) == {202501: "file", 202502: "file"}
    marks = set(CareMark.objects.values_list("item", "month", "outcome"))
    assert marks == {("toddler.weighing", 202502, 1), ("toddler.vitamin_a", 202502, 2)}
    assert Observation.objects.values_list("month", "outcome").get() == (202502, Observation.Outcome.MISSED)


def test_the_same_form_again_changes_nothing(brought) -> None:
    brought(line())
    assert brought(line()).unchanged == 1
    assert brought(line(mark_1="H")).changed == 1
    assert Facility.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pengurus_nik": None, "name": "SIAPA"}, "tidak tercatat pada keluarga PKH"),
        ({"item": "toddler.immunisation", "label": "Imunisasi"}, "bukan kewajiban anggota ini"),
        ({"mark_1": "Y 2025-02-03"}, "tidak di dalam Januari"),
    ],
)
def test_bad_lines_are_refused_in_words_and_the_rest_kept(brought, changes: dict[str, Any], words: str) -> None:
    run = brought(line(**changes), line(item="toddler.vitamin_a", mark_1="", mark_2="Y", mark_3=""))
    assert (run.refused, run.accepted) == (1, 1)
    assert words in " ".join(answers(run).values())
    assert FacilityMonth.objects.get().month == 202502


def test_the_dead_are_refused_by_name(brought, child: Member) -> None:
    Member.objects.filter(pk=child.pk).update(died_on=date(2024, 12, 3))
    run = brought(line())
    assert run.refused == 1
    assert "FADILAH meninggal" in answers(run)[6]
    assert not FacilityMonth.objects.exists()


def test_a_proven_month_is_not_written_over(brought, officer: Post) -> None:
    brought(line())
    posyandu = Facility.objects.get()
    prove(posyandu, 202502, evidence=Evidence.VISIT, note="dilihat", by=officer.user)
    run = brought(line(mark_2="Y"))
    assert run.refused == 1
    assert "sudah terbukti" in answers(run)[6]
    assert CareMark.objects.get().outcome == 1


def test_what_is_written_out_comes_back_unchanged(brought, bring: Bring, officer: Post) -> None:
    brought(line(), line(item="toddler.vitamin_a", mark_1="", mark_2="Y", mark_3=""))
    posyandu = Facility.objects.get()
    client = signed_in(officer)
    written = client.get(reverse("facility_file", args=[posyandu.pk, "csv"]), {"stage": "2025-2"})
    assert written.status_code == 200
    run = bring(written.content, layout="verification-health")
    assert (run.unchanged, run.refused) == (2, 0)
