"""Money to the hand: how long it lies, why it came back, whose it is; cards recorded one step after the other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from harapan.payments.actions import latest_card_steps
from harapan.payments.enums import Outcome
from harapan.registry.models import Family
from tests.benefits.world import HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import listed, queries, told, words


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def families(world: World) -> list[Family]:
    """One has drawn the money, one has not, one could not be found."""
    found = listed(world, 3)
    told(world, (found[0], Outcome.WITHDRAWN), (found[1], Outcome.CREDITED))
    told(world, (found[2], Outcome.UNDELIVERED), reason="not_found")
    return found


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


def test_the_page_says_what_lies_and_what_came_back(officer: Client, families: list[Family]) -> None:
    page = words(officer.get(url("stage_money")))
    assert "<mark>Rp600.000</mark> belum diambil, Rp600.000 terhambat" in page
    assert "105 hari atau lebih" in page
    assert "tidak tersalur" in page


def test_the_families_behind_a_figure_are_listed(officer: Client, families: list[Family]) -> None:
    page = officer.get(url("undelivered"))
    assert {row[0].family_id for row in page.context["rows"]} == {families[1].pk, families[2].pk}
    assert "2 keluarga, <mark>Rp1.200.000</mark> belum sampai di tangan" in words(page)
    lying = officer.get(url("undelivered"), {"standing": "1", "days": "105"})
    assert [row[0].family_id for row in lying.context["rows"]] == [families[1].pk]
    reason = officer.get(url("undelivered"), {"reason": "not_found"})
    assert [row[0].family_id for row in reason.context["rows"]] == [families[2].pk]
    answer = officer.get(url("undelivered_file", "csv"), {"standing": "1"})
    assert len(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()) == 2


def test_another_regency_sees_no_money_of_this_one(world: World, families: list[Family]) -> None:
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    assert "Belum ada daftar, jadi belum ada uang yang diikuti" in words(stranger.get(url("stage_money")))
    assert not stranger.get(url("undelivered")).context["rows"]


def test_queries_do_not_grow_with_the_claims(world: World, officer: Client, families: list[Family]) -> None:
    pages = [url("stage_money"), url("undelivered"), reverse("cards")]
    before = [queries(officer, page) for page in pages]
    more = listed(world, 10)
    told(world, *((family, Outcome.CREDITED) for family in more))
    assert [queries(officer, page) for page in pages] == before
    assert max(before) < 25


def record(page: Client, *families: Family, **told: str) -> Any:
    given = {"family": [str(family.pk) for family in families], "step": "ordered", "on": "2025-06-02", **told}
    return page.post(reverse("cards_record"), given, follow=True)


def test_cards_go_from_order_to_hand_against_minutes(officer: Client, families: list[Family]) -> None:
    assert "Belum ada pembukaan rekening" in words(officer.get(reverse("cards")))
    done = record(officer, *families, bank="BRI")
    assert "Langkah kartu 3 keluarga dicatat." in words(done)
    assert "<mark>3 kartu</mark> belum sampai di tangan" in words(done)
    record(officer, families[0], step="at_branch", bank="BRI")
    handed = record(officer, families[0], step="handed_over", minutes_no="BA-1", minutes_on="2025-06-03")
    assert "<mark>2 kartu</mark>" in words(handed)
    assert latest_card_steps([families[0].pk])[families[0].pk].minutes_no == "BA-1"
    narrowed = officer.get(reverse("cards"), {"step": "handed_over"})
    assert [row["family"].pk for row in narrowed.context["rows"]] == [families[0].pk]


def test_a_hand_over_without_minutes_is_refused_and_keeps_what_was_typed(
    officer: Client, families: list[Family]
) -> None:
    answer = record(officer, families[0], step="handed_over", note="di kantor desa")
    assert answer.status_code == 422
    page = words(answer)
    assert "perlu nomor dan tanggal berita acara" in page
    narrowed = officer.get(reverse("cards_record"), {"step": "ordered"})  # the list goes on from there
    assert narrowed.headers["Location"] == reverse("cards") + "?step=ordered"
    assert "di kantor desa" in page
    assert latest_card_steps([families[0].pk]) == {}


def test_nobody_chosen_is_said(officer: Client, families: list[Family]) -> None:
    answer = record(officer)
    assert answer.status_code == 422
    assert "Pilih dahulu keluarganya" in words(answer)


def test_a_family_without_a_card_is_found_by_search(officer: Client, families: list[Family]) -> None:
    found = officer.get(reverse("cards"), {"q": families[0].dtks_id})
    assert [row["family"].pk for row in found.context["rows"]] == [families[0].pk]
    assert "belum ada catatan" in words(found)


def test_who_may_not_record_sees_no_form(world: World, families: list[Family]) -> None:
    office = signed_in(person("regency_office", regions=(TAPIN,)))
    assert "Catat langkah kartu" not in words(office.get(reverse("cards")))
    assert record(office, families[0]).status_code == 404
