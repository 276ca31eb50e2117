"""The lembar KPM in words: who counts, what is missed, what to do, and no full number."""

from __future__ import annotations

from datetime import date

from harapan.benefits.actions import stage_named
from harapan.benefits.computing import compute_beside
from harapan.core.components import Component
from harapan.payments.sheet import as_text, sheet_of
from harapan.registry.models import PaymentAccount
from tests.benefits.world import STAGE, World

ON = date(2025, 7, 18)


def test_whoever_is_over_the_limit_is_named_with_the_reason(world: World) -> None:
    family = world.family(*[Component.PRIMARY] * 2, *[Component.JUNIOR] * 2, Component.SENIOR, name="NORHALIMAH")
    world.listed({family: 1_475_000})
    compute_beside(stage_named(STAGE))
    sheet = sheet_of(family, stage_named(STAGE), on=ON)
    assert [person.counted for person in sheet.persons].count(False) == 1
    left_out = next(person for person in sheet.persons if not person.counted)
    assert "paling banyak 4 orang" in left_out.why
    assert sheet.amount == "Rp1.475.000"


def test_money_nobody_answered_for_says_to_wait(world: World) -> None:
    family = world.family(Component.ELDERLY)
    world.listed({family: 600_000})
    sheet = sheet_of(family, stage_named(STAGE), on=ON)
    assert "belum ada kabar" in sheet.money_words
    assert sheet.to_do.startswith("Tunggu kabar")


def test_a_family_that_is_not_listed_is_told_whom_to_ask(world: World) -> None:
    world.listed({world.family(Component.ELDERLY): 600_000})
    sheet = sheet_of(world.family(Component.PRIMARY), stage_named(STAGE), on=ON)
    assert "tidak ada di daftar" in sheet.money_words
    assert "pendamping" in sheet.to_do


def test_the_account_shows_its_last_four_only(world: World) -> None:
    family = world.family(Component.ELDERLY)
    account = PaymentAccount.objects.get(family=family)
    account.number, account.holder = "5059906722", "NORHALIMAH"
    account.save()
    world.listed({family: 600_000})
    words = sheet_of(family, stage_named(STAGE), on=ON)
    assert words.account == "BRI, nomor berakhir 6722, atas nama NORHALIMAH"
    assert "5059906722" not in as_text(words)


def test_an_address_says_rt_and_rw_once(world: World) -> None:
    written = world.family(address="HIYUNG RT:006 RW:001", rt="006", rw="001")
    apart = world.family(address="JL. UTAMA", rt="006", rw="001")
    assert written.street == "HIYUNG RT:006 RW:001"
    assert apart.street == "JL. UTAMA RT 006 RW 001"
