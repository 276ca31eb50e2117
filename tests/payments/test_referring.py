"""A card in a facilitator's hand becomes a case, and the case tells neither the family nor who reported the card."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments.models import HeldCard
from harapan.payments.referring import refer_held_card
from harapan.workforce.models import EthicsCase, EthicsEvidence
from harapan.workforce.taking_on import take_on
from tests.benefits.world import TAPIN, World
from tests.payments.test_handing_over import ON, facilitator_of, held, paid
from tests.web.signing import person

DISTRICT = 6305030000


def test_a_held_card_opens_a_case_about_whoever_holds_it(world: World) -> None:
    family, accused = paid(world, 1)[0], facilitator_of(world)
    about = take_on(accused.name, region_no=DISTRICT, since=date(2024, 1, 1), user=accused)
    report = held(world, family, world.user, accused=accused, since=date(2025, 5, 2))
    office = person("regency_office", regions=(TAPIN,))
    with put_on(office.scope(actor=office.user_id)):
        number = refer_held_card(report.pk, by=office.user, on=ON)
        with pytest.raises(Refused, match="sudah diteruskan"):
            refer_held_card(report.pk, by=office.user, on=ON)
    case = EthicsCase.objects.get(pk=number)
    assert (case.person, case.offence, case.region_no) == (about, "holding_cards", DISTRICT)
    evidence = EthicsEvidence.objects.get(case=case)
    assert evidence.subject == report.pk
    assert "sejak 2 Mei 2025" in evidence.words
    for secret in (family.name, world.user.name, report.found_how):
        assert secret not in evidence.words
        assert secret not in case.reports.get().told


def test_a_card_in_a_shop_is_no_case(world: World) -> None:
    report = held(world, paid(world, 1)[0], world.user, holder="shop")
    with pytest.raises(Refused, match="belum menyebut siapa petugasnya"):
        refer_held_card(report.pk, by=world.user, on=ON)
    assert not EthicsCase.objects.exists()


def test_the_accused_and_a_stranger_forward_nothing(world: World) -> None:
    accused = facilitator_of(world)
    report = held(world, paid(world, 1)[0], world.user, accused=accused)
    elsewhere = Scope.of_ranges(((6306000000, 6307000000),), actor=person("regency_office").user_id)
    own = Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=accused.pk)
    for scope in (elsewhere, own):
        with put_on(scope), pytest.raises(Refused, match="tidak ada di wilayah Anda"):
            refer_held_card(report.pk, by=world.user, on=ON)
    assert HeldCard.objects.get().resolution == ""
