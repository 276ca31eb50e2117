"""Differences by reason, as a list and one by one, until a person answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from harapan.audit.log import traces_of
from harapan.benefits.actions import stage_named
from harapan.benefits.computing import compute_beside
from harapan.benefits.models import Difference
from harapan.core.components import Component
from harapan.registry.models import Family
from tests.benefits.world import CEMPAKA, HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def differing(world: World) -> dict[str, Family]:
    """One family for each of three reasons, and one whose amounts agree."""
    families = {
        "same": world.family(Component.TODDLER),
        "more": world.family(Component.JUNIOR),
        "bare": world.family(village=CEMPAKA),
        "absent": world.family(Component.SENIOR),
    }
    world.listed({families["same"]: 750_000, families["more"]: 600_000, families["bare"]: 600_000})
    compute_beside(stage_named(STAGE), actor=world.user.pk)
    return families


def url(name: str = "stage_differences", *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


def test_reasons_are_counted_and_lead_to_their_families(officer: Client, differing: dict[str, Family]) -> None:
    page = words(officer.get(url()))
    assert "3 keluarga berselisih, <mark>3 belum dijawab</mark>" in page
    assert "Anggota belum tercatat" in page
    found = officer.get(url(), {"reason": "not_listed"})
    assert [row.family_id for row, _place in found.context["rows"]] == [differing["absent"].pk]
    there = officer.get(url(), {"region": str(CEMPAKA // 10_000 * 10_000)})
    assert [row.family_id for row, _place in there.context["rows"]] == [differing["bare"].pk]
    assert "Tidak ada yang cocok dengan saringan ini" in words(officer.get(url(), {"state": "answered"}))


def test_one_difference_shows_both_sides_and_why(officer: Client, differing: dict[str, Family]) -> None:
    family = differing["more"]
    page = words(officer.get(url("difference", family.pk)))
    assert "berselisih <mark>+225.000 rupiah</mark>" in page
    assert "ANAK JUNIOR" in page
    assert "Daftar membayar Rp225.000 lebih" in page
    assert "Ini bukan kesalahan keluarga." in page
    absent = words(officer.get(url("difference", differing["absent"].pk)))
    assert "tidak ada di daftar; menurut hitungan <mark>Rp500.000</mark>" in absent
    assert any(trace.verb == "family.looked" for trace in traces_of("family", family.pk))


def test_an_answer_needs_words_and_stays(officer: Client, differing: dict[str, Family]) -> None:
    page = url("difference", differing["bare"].pk)
    empty = officer.post(page, {"answer": " "})
    assert empty.status_code == 422
    assert "Tulis apa sebabnya" in words(empty)
    done = officer.post(page, {"answer": "Anggota dicatat dari KK."}, follow=True)
    assert "2 belum dijawab" in words(done)
    assert "Anggota dicatat dari KK." in words(officer.get(page))
    again = officer.post(page, {"answer": "sekali lagi"})
    assert again.status_code == 422
    assert "sudah dijawab" in words(again)


def test_who_only_looks_cannot_answer(world: World, differing: dict[str, Family]) -> None:
    family = differing["more"]
    facilitator = signed_in(person("facilitator", groups=(family.group_id,)))
    page = url("difference", family.pk)
    assert "Simpan jawaban" not in words(facilitator.get(page))
    assert facilitator.post(page, {"answer": "coba"}).status_code == 404
    assert facilitator.get(url("difference", differing["bare"].pk)).status_code == 404
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    assert stranger.get(page).status_code == 404
    assert Difference.objects.filter(answered_at__isnull=False).count() == 0


def test_the_download_holds_the_rows_of_the_list(officer: Client, differing: dict[str, Family]) -> None:
    answer = officer.get(url("stage_differences_file", "csv"), {"reason": "not_listed"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(differing["absent"].name)


def test_before_any_computation_the_page_says_how_to_get_one(world: World, officer: Client) -> None:
    world.listed({world.family(): 600_000})
    assert "Selisih muncul setelah pembanding dihitung" in words(officer.get(url()))


def test_queries_do_not_grow_with_the_families(world: World, officer: Client, differing: dict[str, Family]) -> None:
    before = queries(officer, url())
    world.listed({world.family(village=CEMPAKA): 600_000 for _ in range(12)})
    compute_beside(stage_named(STAGE), actor=world.user.pk)
    assert queries(officer, url()) == before
    assert before < 25


def test_a_difference_that_later_runs_left_as_it_was_still_shows_its_lines(
    world: World, officer: Client, differing: dict[str, Family]
) -> None:
    for _ in range(3):  # the rows of the run it first came from are gone by then
        compute_beside(stage_named(STAGE), actor=world.user.pk)
    page = words(officer.get(url("difference", differing["more"].pk)))
    assert "ANAK JUNIOR" in page
    assert "Belum ada anggota yang dapat dihitung" not in page
