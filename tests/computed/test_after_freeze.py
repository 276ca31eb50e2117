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
from harapan.benefits.after_freeze import GoesTo, Late, LatePlace, since_freeze
from harapan.benefits.models import SanctionNotice, Snapshot, Verdict
from harapan.cli import stage as command
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments import checking
from harapan.regions.models import Region
from harapan.registry.models import ComponentSpell, Facility, Family, Member, PaymentAccount
from harapan.verification.actions import declare_all_present_except, prove
from harapan.verification.exempting import exempt, withdraw
from harapan.verification.models import Evidence, Exemption, Observation
from tests.benefits.world import HIYUNG, TAPIN
from tests.computed.doing import newcomer, reader
from tests.computed.ground import DAY, STAGE, Ground, make_family
from tests.computed.test_commands import acting  # noqa: F401  (a fixture)
from tests.web.stage_ground import words

SYSTEM = Scope.batch(via="test")


def late(ground: Ground) -> dict[int, Late]:
    with put_on(ground.nation("auditor"), read_only=True):
        return {each.family_id: each for each in since_freeze(ground.stage()).families}


def late_places(ground: Ground) -> list[LatePlace]:
    with put_on(ground.nation("auditor"), read_only=True):
        return since_freeze(ground.stage()).places


def school_of(ground: Ground, *families: Family) -> Facility:
    """A school that the families' components go to."""
    with put_on(SYSTEM):
        school = Facility.objects.create(
            kind=Facility.Kind.SCHOOL, code="30300001", name="SDN Hiyung 1", name_key="SDN HIYUNG 1", region_id=HIYUNG
        )
        ComponentSpell.objects.filter(family__in=families).update(facility=school)
    return school


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


def test_a_proven_month_is_told_with_the_families_it_concerns(ground: Ground) -> None:
    """Declared alone it pays and cuts nothing; a month that the stage does not observe is another stage's."""
    school = school_of(ground, *ground.families[:2])
    ground.written()
    new = make_family(ground.world, 30)
    with put_on(SYSTEM):
        ComponentSpell.objects.filter(family=new).update(facility=school)
        pupils = list(ComponentSpell.objects.filter(facility=school).values_list("member_id", flat=True))
        for month in (202406, 202409):
            declare_all_present_except(school, month, [], members=pupils, by=ground.world.user)
            prove(school, month, evidence=Evidence.SIGNED_FORM, note="F-1", by=ground.world.user)
    (found,) = late_places(ground)
    assert (found.facility_id, found.month, found.exemption_id) == (school.pk, 202406, None)
    assert (found.families, found.waiting, found.goes_to) == (3, 1, GoesTo.SUSULAN)
    freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY)
    (found,) = late_places(ground)
    assert (found.waiting, found.goes_to, found.wave) == (1, GoesTo.TAKEN, 1)


def test_an_exemption_made_or_withdrawn_is_told_with_those_who_missed(ground: Ground) -> None:
    family = ground.families[0]
    with put_on(SYSTEM):
        pupil = Member.objects.get(family=family, manager=False, component_spells__component=Component.PRIMARY)
        Observation.objects.create(
            family=family, member=pupil, facility=school_of(ground, family), month=202406,
            outcome=Observation.Outcome.MISSED,
        )  # fmt: skip
        about = {"within": [(0, 10**10)], "by": ground.world.user, "on": DAY}
        place = Region.objects.get(pk=HIYUNG)
        before = exempt(place, component=None, month_from=202401, month_to=202403, why="jalan putus", **about)
    ground.frozen()
    with put_on(SYSTEM):
        withdraw(before, why="sudah ada jalan", **about)  # of months that this stage does not observe
        made = exempt(
            place, component=Component.PRIMARY, month_from=202406, month_to=202406, why="sekolah banjir", **about
        )
        exempt(place, component=Component.ELDERLY, month_from=202406, month_to=202406, why="tidak ada kader", **about)
    of_school, of_elderly = sorted(late_places(ground), key=lambda each: -each.families)
    assert (of_school.exemption_id, of_school.families, of_school.goes_to) == (made.pk, 1, GoesTo.REFREEZE)
    assert of_elderly.families == 0, "the pupil's miss is not theirs"
    freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(SYSTEM):
        withdraw(Exemption.objects.get(pk=made.pk), why="sekolah buka", **about)
    assert [each.exemption_id for each in late_places(ground)] == [made.pk]
    page = words(reader(ground, "auditor").get(reverse("stage_after_freeze", args=[STAGE])))
    assert "Fasilitas dan wilayah" in page
    assert "pembebasan kewajiban dicabut: sekolah buka" in page


def test_a_miss_of_a_month_that_is_not_observed_is_no_change(ground: Ground) -> None:
    family = ground.families[0]
    school = school_of(ground, family)
    ground.frozen()
    with put_on(SYSTEM):
        pupil = Member.objects.get(family=family, manager=False, component_spells__component=Component.PRIMARY)
        missed = {"family": family, "member": pupil, "facility": school, "outcome": Observation.Outcome.MISSED}
        Observation.objects.create(month=202409, **missed)
    assert late(ground) == {}
    with put_on(SYSTEM):
        Observation.objects.create(month=202406, **missed)
    assert late(ground)[family.pk].kinds == ("observation",)


def test_a_verdict_after_the_freeze_is_a_change(ground: Ground) -> None:
    family = ground.families[0]
    ground.planned()
    with put_on(SYSTEM):
        pupil = Member.objects.get(family=family, manager=False, component_spells__component=Component.PRIMARY)
        notice = SanctionNotice.objects.create(
            stage=ground.stage(), family=family, month=202406, members=[pupil.pk], components=[Component.PRIMARY],
            noticed_on=DAY,
        )  # fmt: skip
    freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    assert late(ground) == {}
    with put_on(SYSTEM):
        notice.verdict, notice.decided_on, notice.why = Verdict.ACCEPTED, DAY, "anak sakit"
        notice.decided_by = ground.world.user
        notice.save()
    found = late(ground)[family.pk]
    assert (found.kinds, found.goes_to) == (("sanction_notice",), GoesTo.REFREEZE)
