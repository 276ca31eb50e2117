"""What a freeze did not see is named, to the transaction, and it is said where it goes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from harapan.benefits import freezing, running
from harapan.benefits.after_freeze import GoesTo, Late, since_freeze
from harapan.benefits.models import Snapshot
from harapan.cli import stage as command
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments import checking
from harapan.registry.models import Family, Member, PaymentAccount
from tests.benefits.world import TAPIN
from tests.computed.doing import newcomer, reader
from tests.computed.ground import DAY, STAGE, Ground, make_family
from tests.computed.test_commands import acting  # noqa: F401  (a fixture)
from tests.web.stage_ground import words

SYSTEM = Scope.batch(via="test")


def late(ground: Ground) -> dict[int, Late]:
    with put_on(ground.nation("auditor"), read_only=True):
        return {each.family_id: each for each in since_freeze(ground.stage()).families}


def holder_corrected(family: Family) -> None:
    with put_on(SYSTEM):
        account = PaymentAccount.objects.get(family=family)
        account.holder = "NAMA DI BUKU"
        account.save()


def test_what_began_before_the_freeze_and_was_committed_after_it_is_named(ground: Ground) -> None:
    """No clock could tell: the change is older than the freeze, and not in it."""
    ground.planned()
    changed, frozen = Event(), Event()

    def slow() -> int:
        try:
            with put_on(SYSTEM):
                member = Member.objects.filter(family=ground.families[0], manager=False).first()
                member.died_on = date(2024, 6, 1)
                member.save()
                changed.set()
                assert frozen.wait(60)
            return int(member.family_id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(slow)
        assert changed.wait(60)
        try:
            freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
            assert late(ground) == {}, "not committed, so nobody can name it yet"
        finally:
            frozen.set()
        family = work.result()
    found = late(ground)
    assert list(found) == [family]
    assert (found[family].kinds, found[family].goes_to) == (("member",), GoesTo.REFREEZE)
    freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    assert late(ground) == {}, "the new freeze has it"


def test_a_newcomer_goes_to_the_susulan_and_who_is_paid_to_a_later_stage(ground: Ground) -> None:
    ground.written()
    new = make_family(ground.world, 31)
    paid, renamed, gone = ground.families[:3]
    holder_corrected(paid)
    with put_on(SYSTEM):
        renamed.address = "Jalan Baru 7"  # no rule and no payment reads it
        renamed.save()
        after = ground.world.family(Component.ELDERLY, bank="BRI", enrolled=False)  # no member in the paid months
    found = late(ground)
    assert set(found) == {new.pk, paid.pk, after.pk}
    assert (found[new.pk].goes_to, found[paid.pk].goes_to) == (GoesTo.SUSULAN, GoesTo.LATER)
    assert found[new.pk].kinds == ("family", "member", "enrolment", "component", "account")
    assert (found[paid.pk].kinds, found[after.pk].goes_to) == (("account",), GoesTo.LATER)
    assert gone.pk not in found
    freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY)
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    taken = late(ground)[new.pk]
    assert (taken.goes_to, taken.wave) == (GoesTo.TAKEN, 1)


def test_the_latest_are_told_and_that_there_are_more(ground: Ground) -> None:
    ground.frozen()
    for family in ground.families[:4]:
        holder_corrected(family)
    with put_on(ground.nation("auditor"), read_only=True):
        found = since_freeze(ground.stage(), most=3)
        assert not found.whole
        assert {each.family_id for each in found.families} == {family.pk for family in ground.families[1:4]}


def test_after_a_restore_nothing_is_compared(ground: Ground) -> None:
    ground.frozen()
    holder_corrected(ground.families[0])
    with put_on(SYSTEM):
        snapshot = Snapshot.objects.get()
        snapshot.manifest["era"] += 1
        snapshot.save()
    with put_on(ground.nation("auditor"), read_only=True):
        found = since_freeze(ground.stage())
        assert (found.known, found.families) == (False, [])


def test_the_page_and_its_file_are_the_nations(ground: Ground, django_assert_max_num_queries: Any) -> None:
    ground.written()
    new = make_family(ground.world, 31)
    url = reverse("stage_after_freeze", args=[STAGE])
    auditor = reader(ground, "auditor")
    assert url in words(auditor.get(reverse("stage", args=[STAGE])))
    page = words(auditor.get(url))
    assert "<mark>1 keluarga</mark> berubah sesudah pembekuan" in page
    assert new.name in page
    assert "masuk susulan berikutnya" in page
    for family in ground.families:
        holder_corrected(family)
    with django_assert_max_num_queries(40, connection=connections["nation"]):
        assert "<mark>13 keluarga</mark>" in words(auditor.get(url))
    ppk = reader(ground, "commitment_officer")
    assert ppk.get(reverse("stage_after_freeze_file", args=[STAGE, "xlsx"])).status_code in (200, 404)
    for who in (reader(ground, "treasurer"), newcomer("regency_coordinator", regions=(TAPIN,))):
        assert who.get(url).status_code == 404
    with put_on(Scope.of_ranges(((6305000000, 6306000000),), via="test")), pytest.raises(Refused, match="pusat"):
        since_freeze(ground.stage())


def test_the_command_says_the_same(acting: Ground) -> None:  # noqa: F811
    acting.frozen()
    holder_corrected(acting.families[0])
    asked = ["after-freeze", STAGE, "--as", "auditor"]
    run = {"catch_exceptions": False, "standalone_mode": False}
    told = json.loads(CliRunner().invoke(command.command, [*asked, "--json"], **run).output)
    assert [(row["family"], row["changed"], row["goes_to"]) for row in told["families"]] == [
        (acting.families[0].pk, ["account"], "refreeze")
    ]
    assert "1 keluarga ikut" not in CliRunner().invoke(command.command, asked, **run).output
    assert "1 ikut bila dibekukan lagi" in CliRunner().invoke(command.command, asked, **run).output


def test_a_spell_alone_is_a_change(ground: Ground) -> None:
    ground.frozen()
    with put_on(SYSTEM):
        account = PaymentAccount.objects.get(family=ground.families[2])
        account.spell = DateRange(account.spell.lower, DAY)
        account.save()
    assert set(late(ground)) == {ground.families[2].pk}
