"""A family's money held back by a person and let go again, each with a reason; and who may not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from harapan.benefits.actions import stage_named
from harapan.payments import money
from harapan.payments.enums import Outcome
from harapan.payments.models import Hold
from harapan.registry.models import Family
from tests.benefits.world import HIYUNG, HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import listed, told, words

WHY = "pengurus meninggal, penggantinya belum punya rekening"


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def family(world: World) -> Family:
    return listed(world, 2)[0]


def url(family: Family) -> str:
    return reverse("stage_hold", args=[STAGE, family.pk])


def test_the_familys_page_leads_to_holding(officer: Client, family: Family) -> None:
    page = words(officer.get(reverse("family", args=[family.pk])))
    assert f'<a href="{url(family)}">Tahan</a>' in page
    page = words(officer.get(url(family)))
    assert f"{family.name}: <mark>Rp600.000</mark> belum terjawab" in page
    assert 'value="release"' not in page


def test_money_is_held_and_let_go(officer: Client, family: Family) -> None:
    done = officer.post(url(family), {"how": "hold", "why": WHY}, follow=True)
    assert f"Rp600.000 untuk {family.name} ditahan." in words(done)
    assert WHY in words(done)
    found = money.of(stage_named(STAGE))
    assert (found.held_idr, found.unanswered_idr) == (600_000, 600_000)
    assert "Lepas penahanan</a>" in words(officer.get(reverse("family", args=[family.pk])))
    done = officer.post(url(family), {"how": "release", "why": "pengganti sudah terdaftar"}, follow=True)
    assert f"Penahanan Rp600.000 untuk {family.name} dilepas." in words(done)
    assert "pengganti sudah terdaftar" in words(done)
    found = money.of(stage_named(STAGE))
    assert (found.held_idr, found.unanswered_idr) == (0, 1_200_000)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (" ", "auditor akan membacanya"),
        ("x", "Alasan “x” hanya 1 huruf; paling sedikit 5."),
        ("12/05/2025", "Alasan “12/05/2025” hanya 0 huruf; paling sedikit 5."),
    ],
)
def test_no_reason_no_deed(officer: Client, family: Family, why: str, said: str) -> None:
    assert 'minlength="5"' in words(officer.get(url(family)))
    answer = officer.post(url(family), {"how": "hold", "why": why})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Hold.objects.exists()


def test_what_cannot_be_done_is_said_beside_what_was_typed(world: World, officer: Client, family: Family) -> None:
    nothing = officer.post(url(family), {"how": "release", "why": WHY})
    assert nothing.status_code == 422
    assert "tidak sedang ditahan" in words(nothing)
    assert WHY in words(nothing)
    told(world, (family, Outcome.CREDITED))
    answered = officer.post(url(family), {"how": "hold", "why": WHY})
    assert answered.status_code == 422
    assert "tidak dapat ditahan" in words(answered)
    assert "Tidak ada yang dapat ditahan" in words(officer.get(url(family)))
    assert not Hold.objects.exists()


def test_who_may_not_hold_finds_no_page(world: World, family: Family) -> None:
    facilitator = signed_in(person("facilitator", groups=(world.groups[HIYUNG].pk,)))
    assert url(family) not in words(facilitator.get(reverse("family", args=[family.pk])))
    assert facilitator.get(url(family)).status_code == 404
    assert facilitator.post(url(family), {"how": "hold", "why": WHY}).status_code == 404
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    assert stranger.post(url(family), {"how": "hold", "why": WHY}).status_code == 404
    assert not Hold.objects.exists()


def test_a_family_on_no_list_has_nothing_to_hold(world: World, officer: Client, family: Family) -> None:
    assert officer.get(url(world.family())).status_code == 404
