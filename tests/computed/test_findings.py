"""Cek rekening: which accounts are not paid into, drawn as a table, and a finding put right that is paid after all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from harapan.benefits import freezing, running
from harapan.database.scope import Scope, put_on
from harapan.payments import checking, holding, ordering
from harapan.payments.checking import _is_one_person
from harapan.payments.models import AccountCheck, CentreStatus, Hold, Order
from harapan.registry.models import Family, Member, PaymentAccount
from tests.benefits.world import HSS, SINCE, TAPIN
from tests.computed.doing import newcomer, reader
from tests.computed.ground import DAY, STAGE, Ground
from tests.web.stage_ground import words

SYSTEM = Scope.batch(via="test")
NIK = "6305026602730009"
Finding = AccountCheck.Finding


def account(family: Family, **about: Any) -> None:
    row = PaymentAccount.objects.get(family=family)
    for name, value in about.items():
        setattr(row, name, value)
    row.save()


def nik(family: Family) -> None:
    manager = Member.objects.get(family=family, manager=True)
    manager.nik = NIK
    manager.save()


def said_by_centre(ground: Ground, family: Family) -> None:
    CentreStatus.objects.create(
        stage=ground.stage(), family=family, word="account_failed", on=DAY, reason="", by=ground.world.user
    )


@pytest.fixture
def found(ground: Ground) -> Ground:
    """One family for each finding, and two with names that only look strange; then checked."""
    ground.planned()
    f = ground.families
    with put_on(SYSTEM):
        account(f[1], bank="BANK LAMA")
        account(f[2], number=None)
        said_by_centre(ground, f[3])
        nik(f[4])
        nik(f[5])
        account(f[6], number="330201999999999")
        account(f[7], number="330201999999999")
        account(f[8], holder="SUTRISNO")
        for family, name, holder in ((f[9], "Siti Nuraini", "ST. NOR'AINI"), (f[10], "Muhammad Yusran", "M YUSRAN")):
            Member.objects.filter(family=family, manager=True).update(name=name, name_key=name.upper())
            account(family, holder=holder)
    freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(SYSTEM):  # gone since the freeze; a family that never had one is of no channel, and not due by bank
        PaymentAccount.objects.filter(family=f[0]).delete()
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    return ground


def test_each_family_has_the_first_finding_that_is_true(found: Ground) -> None:
    with put_on(found.nation()):
        rows = {row.family_id: row.finding for row in AccountCheck.objects.all()}
    assert [rows.get(family.pk) for family in found.families] == [
        Finding.NO_ACCOUNT, Finding.UNKNOWN_PAYER, Finding.NO_NUMBER, Finding.CENTRE, Finding.SAME_NIK,
        Finding.SAME_NIK, Finding.SHARED, Finding.SHARED, Finding.NAME, None, None, None,
    ]  # fmt: skip


def test_a_named_account_of_a_family_without_a_pengurus_does_not_pass(ground: Ground) -> None:
    """There is nobody whose name could fit: it is held, not let through."""
    family = ground.families[0]
    with put_on(SYSTEM):
        Member.objects.filter(family=family).update(manager=False)
    ground.checked()
    with put_on(ground.nation()):
        assert [(row.family_id, row.finding) for row in AccountCheck.objects.all()] == [(family.pk, Finding.NAME)]


@pytest.mark.parametrize(
    ("holder", "manager", "one"),
    [
        ("ST. NOR'AINI", "SITI NURAINI", True),
        ("MUHAMMAD YUSRAN AL BANJ", "MUHAMMAD YUSRAN AL BANJARI", True),  # the bank's field ends there
        ("SITI", "SITI NURAINI", False),  # too short a beginning to be anybody's name
        ("SUTRISNO", "SITI NURAINI", False),
        ("", "SITI NURAINI", False),
    ],
)
def test_whether_two_spellings_are_one_person(holder: str, manager: str, one: bool) -> None:
    assert _is_one_person(holder, manager) is one


def test_the_list_shows_each_region_its_own_and_narrows(found: Ground) -> None:
    url = reverse("stage_findings", args=[STAGE])
    tapin = newcomer("regency_coordinator", regions=(TAPIN,))
    hss = newcomer("regency_coordinator", regions=(HSS,))
    names = [family.name for family in found.families]
    page = words(tapin.get(url))
    assert names[0] in page  # Hiyung, in Tapin
    assert names[2] not in page  # Bamban, in the next kabupaten
    assert names[2] in words(hss.get(url))
    narrowed = words(tapin.get(url, {"finding": "shared"}))
    assert names[6] in narrowed
    assert names[0] not in narrowed
    answer = tapin.get(reverse("stage_findings_file", args=[STAGE, "csv"]), {"finding": "shared"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert reader(found, "policy_maker").get(reverse("stage_findings_file", args=[STAGE, "csv"])).status_code == 404


def test_a_finding_put_right_goes_with_the_next_drawing(found: Ground) -> None:
    found.approve()
    first = ordering.draw(found.stage(), actor=found.maker, on=DAY)
    assert (first.orders, first.held) == (3, 9)
    family = found.families[8]
    with put_on(SYSTEM):
        PaymentAccount.objects.filter(family=family).update(spell=DateRange(SINCE, date(2024, 11, 1)))
        new = PaymentAccount.objects.create(
            family=family, bank="BRI", number="330201777777777", holder=family.name, source="list",
            spell=DateRange(date(2024, 11, 1), None),
        )  # fmt: skip
    regency = newcomer("regency_coordinator", regions=(HSS,))
    url = reverse("stage_findings", args=[STAGE])
    assert "Rekening baru, siap dilepas" in words(regency.get(url))
    with put_on(found.nation()):
        by = found.people["commitment_officer"]
        assert holding.release(found.stage(), [family.pk], why="rekening sudah benar", by=by, on=DAY) == 1
    assert "Dilepas, menunggu order" in words(regency.get(url))
    maker = reader(found, "commitment_officer")
    assert 'data-opens="kerja-again"' in words(maker.get(reverse("stage", args=[STAGE])))
    ordering.draw(found.stage(), actor=found.maker, on=date(2024, 11, 6))
    with put_on(found.nation()):
        assert Order.objects.get(family=family).account_id == new.pk
        assert Hold.objects.filter(lifted_on=None).count() == 8
    assert family.name not in words(regency.get(url))
