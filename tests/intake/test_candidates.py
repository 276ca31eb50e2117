"""Lists of candidates: within the quota, in reserve, or refused in words; nobody becomes a member by them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.exchange.candidates import codec
from harapan.fieldwork.candidates import set_quota
from harapan.fieldwork.models import Candidacy
from harapan.intake.models import ImportRun
from harapan.registry.models import Enrolment, Family, Member
from tests.intake.conftest import HIYUNG, TODAY, Bring, answers, row


def line(number: int, **changes: Any) -> dict[str, Any]:
    known = row(number)
    return {name: known[name] for name in ("nik", "kk", "name", "village_code", "address", "rt", "rw")} | {
        "decile": 1, "rank": number,
    } | changes  # fmt: skip


@pytest.fixture
def listed(bring: Bring, officer: Post) -> Any:
    """Bring in lines of candidates as the data officer of Tapin, with two places in Hiyung."""
    set_quota(int(HIYUNG), 2, source="Surat pusat 1", from_on=date(2025, 1, 1), by=officer.user, on=TODAY)

    def bring_lines(*lines: dict[str, Any], **options: Any) -> ImportRun:
        return bring(codec.render(lines, form="csv"), layout="candidates", post=officer, **options)

    return bring_lines


def test_the_best_ranks_get_the_places_and_the_rest_waits(listed: Any) -> None:
    run = listed(line(1, rank=3), line(2, rank=1), line(3, rank=2))
    assert (run.accepted, run.refused) == (3, 0)
    assert "Melebihi kuota" in answers(run)[2]
    waiting = Candidacy.objects.filter(placed_on__isnull=True)
    assert [each.family.name for each in waiting] == ["RUSMINI 1"]
    assert Enrolment.objects.count() == 0
    family = Family.objects.get(name="RUSMINI 2")
    assert family.group.candidates
    assert Member.objects.get(family=family).nik.open() == line(2)["nik"]


def test_a_rehearsal_leaves_nothing(listed: Any) -> None:
    run = listed(line(1), commit=False)
    assert run.accepted == 1
    assert (Family.objects.count(), Candidacy.objects.count()) == (0, 0)


def test_the_same_file_again_changes_nothing(listed: Any) -> None:
    listed(line(1), line(2))
    again = listed(line(1), line(2))
    assert (again.accepted, again.unchanged, Candidacy.objects.count()) == (0, 2, 2)


def test_what_cannot_be_a_candidate_is_refused_in_words_and_the_rest_kept(
    listed: Any, bring: Bring, operator: Post
) -> None:
    bring([row(1)])  # a member
    dead = listed(line(3))
    family = Candidacy.objects.get(family__name="RUSMINI 3").family
    Member.objects.filter(family=family).update(died_on=TODAY)
    Candidacy.objects.filter(family=family).update(closed_on=TODAY, closed_because="refused")
    run = listed(
        line(1),
        line(3),
        line(4),
        line(5, nik=line(4)["nik"]),
        line(6, village_code="6305039999"),
        line(7, village_code="6303052001"),
        line(8),
    )
    said = answers(run)
    assert dead.accepted == 1
    assert "sudah menjadi peserta" in said[2]
    assert "meninggal" in said[3]
    assert "lebih dari satu baris" in said[4]
    assert "lebih dari satu baris" in said[5]
    assert said[6].startswith("ditolak")
    assert "berada di luar Kab. Tapin" in said[7]
    assert (run.accepted, run.refused) == (1, 6)


def test_a_later_list_changes_rank_and_who_is_next_but_takes_no_place_back(listed: Any, officer: Post) -> None:
    listed(line(1, rank=1), line(2, rank=2), line(3, rank=3), line(4, rank=4))  # two places, two in reserve
    run = listed(line(1, rank=9), line(2, rank=2), line(3, rank=8, decile=None), line(4, rank=3), line(5, rank=5))
    assert (run.accepted, run.changed, run.unchanged, run.refused) == (1, 3, 1, 0)
    assert "sudah menjadi calon sejak" in answers(run)[2].lower()
    ranks = dict(Candidacy.objects.values_list("family__name", "rank"))
    assert ranks == {"RUSMINI 1": 9, "RUSMINI 2": 2, "RUSMINI 3": 8, "RUSMINI 4": 3, "RUSMINI 5": 5}
    assert Candidacy.objects.get(family__name="RUSMINI 3").desil == 1
    set_quota(int(HIYUNG), 4, source="Surat pusat 1, diralat", from_on=date(2025, 1, 1), by=officer.user, on=TODAY)
    placed = Candidacy.objects.filter(placed_on__isnull=False)
    assert {each.family.name for each in placed} == {"RUSMINI 1", "RUSMINI 2", "RUSMINI 4", "RUSMINI 5"}


def test_one_without_a_quota_or_with_a_high_desil_is_told(listed: Any) -> None:
    run = listed(line(1, village_code="6305032008", decile=9))
    assert "Melebihi kuota" in answers(run)[2]
    assert "Desil 9" in answers(run)[2]


def test_the_ministry_s_list_later_takes_the_candidate_in(listed: Any, bring: Bring) -> None:
    listed(line(1))
    run = bring([row(1)])
    assert run.refused == 0
    assert Family.objects.count() == 1
    assert Enrolment.objects.get().family.name == "RUSMINI 1"
