"""Home visits: what is refused and what is kept, what moves a candidacy, what only proposes an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import User
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.fieldwork.decreeing import decide_end, decree
from harapan.fieldwork.models import Candidacy, EndProposal, HomeVisit, Invitation, VisitPhotograph
from harapan.fieldwork.visit_codes import BadFieldworkData, default_codes, load
from harapan.fieldwork.visiting import Counted, Photo, VisitFacts, record_visit
from harapan.registry.actions import NotYours
from harapan.registry.models import ComponentSpell, Enrolment, Facility, Family, Member
from tests.benefits.world import HIYUNG, World
from tests.fieldwork.conftest import TODAY, Candidates, agree, meet
from tests.p2k2.test_photographs import picture
from tests.web.signing import person

VISIT = VisitFacts(
    date(2025, 4, 2), time(9), time(9, 40), found=True, eligible=True, terrain="hard", latitude=-3.05, longitude=115.1,
    accuracy_m=12, housing={"floor": "earth", "roof": "thatch"},
)  # fmt: skip
Visit = Callable[..., Any]


@pytest.fixture
def visit(world: World) -> Visit:
    def record(family: Family, *photos: Photo, by: User | None = None, **told: Any) -> Any:
        facts = replace(VISIT, **told)
        if facts.eligible and not facts.components:
            manager = Member.objects.get(family=family, manager=True)
            facts = replace(facts, components=(Counted(manager.pk, Component.PREGNANT),))
        return record_visit(family.pk, facts, photos, by=by or world.user, on=TODAY)

    return record


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"visited_on": date(2025, 6, 1)}, "belum terjadi"),
        ({"visited_on": date(1999, 6, 1)}, "lebih dahulu daripada PKH"),
        ({"ends": time(8)}, "tidak sesudah"),
        ({"latitude": 95.0}, "tidak ada di bumi"),
        ({"longitude": 181.0}, "tidak ada di bumi"),
        ({"longitude": None}, "lintang dan bujur"),
        ({"eligible": None}, "layak atau tidak"),
        ({"eligible": False, "reason": "moved"}, "Pilih alasan"),
        ({"found": False, "eligible": None, "reason": ""}, "Pilih alasan"),
        ({"reason": "well_off"}, "tidak perlu alasan"),
        ({"terrain": "steep"}, "tidak ada dalam daftarnya"),
        ({"housing": {"floor": "gold"}}, "tidak ada dalam daftarnya"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(
    candidates: Candidates, visit: Visit, told: dict[str, Any], said: str
) -> None:
    (one,) = candidates()
    with pytest.raises(Refused, match=said):
        visit(one.family, **told)
    assert HomeVisit.objects.count() == 0


def test_an_eligible_candidate_waits_for_the_decree(candidates: Candidates, visit: Visit) -> None:
    (one,) = candidates()
    made = visit(one.family).visit
    one.refresh_from_db()
    assert one.validated_on == date(2025, 4, 2)
    assert (made.floor, made.roof, made.walls) == ("earth", "thatch", "")
    with pytest.raises(Refused, match="sudah dicatat"):
        visit(one.family)


@pytest.mark.parametrize(
    ("told", "because"),
    [
        ({"eligible": False, "reason": "well_off"}, "well_off"),
        ({"found": False, "eligible": None, "reason": "moved"}, "moved"),
        ({"found": False, "eligible": None, "reason": "away"}, ""),  # to be visited again
    ],
)
def test_a_candidate_who_is_not_ends(candidates: Candidates, visit: Visit, told: dict[str, Any], because: str) -> None:
    one, *_rest, waiting = candidates(4)
    visit(one.family, **told)
    one.refresh_from_db()
    waiting.refresh_from_db()
    assert one.closed_because == because
    assert waiting.reserve == (not because)  # the place goes on


def test_a_photograph_that_is_none_is_refused_and_the_visit_kept(candidates: Candidates, visit: Visit) -> None:
    (one,) = candidates()
    done = visit(
        one.family, Photo("house", "a.jpg", picture()), Photo("family", "b.txt", b"no"),
        Photo("garden", "c.jpg", picture(colour=3)), Photo("house", "again.jpg", picture()),
    )  # fmt: skip
    assert ["bukan foto" in str(done.refused[0]), "Jenis foto" in str(done.refused[1]), len(done.refused)] == [
        True,
        True,
        2,
    ]
    kept = VisitPhotograph.objects.get()
    assert (kept.kind, kept.latitude) == ("house", -3.053333)


def test_the_dead_are_not_found_and_not_counted(candidates: Candidates, visit: Visit) -> None:
    (one,) = candidates()
    child = Member.objects.create(family=one.family, name="ANAK", name_key="ANAK", died_on=TODAY)
    with pytest.raises(Refused, match="meninggal atau pindah"):
        visit(one.family, components=(Counted(child.pk, Component.TODDLER),))
    Member.objects.filter(family=one.family).update(died_on=TODAY)
    with pytest.raises(Refused, match="tercatat meninggal"):
        visit(one.family, components=(Counted(child.pk, Component.TODDLER),))


def test_a_pupil_needs_a_school_and_a_member_of_another_family_is_not_told(
    world: World, candidates: Candidates, visit: Visit
) -> None:
    (one,) = candidates()
    manager = Member.objects.get(family=one.family)
    with pytest.raises(Refused, match="sekolahnya belum dipilih"):
        visit(one.family, components=(Counted(manager.pk, Component.PRIMARY),))
    stranger = Member.objects.filter(family=world.family()).first()
    assert stranger is not None
    with pytest.raises(NotYours):
        visit(one.family, components=(Counted(stranger.pk, Component.TODDLER),))


def test_a_member_found_ineligible_is_only_proposed_to_end(world: World, visit: Visit) -> None:
    family = world.family()
    visit(family, eligible=False, reason="well_off")
    assert EndProposal.objects.get().answer == EndProposal.Answer.OPEN
    assert Enrolment.objects.get(family=family).spell.upper is None
    visit(family, begins=time(13), ends=time(14), found=False, eligible=None, reason="away")
    assert EndProposal.objects.count() == 1  # not at home is no reason


def test_only_the_level_that_policy_names_decides_and_never_who_visited(world: World, visit: Visit) -> None:
    family = world.family()
    lead = person("district_lead", regions=(6305030000,))
    coordinator = person("regency_coordinator", regions=(6305000000,))
    visit(family, eligible=False, reason="well_off", by=coordinator.user)
    proposal = EndProposal.objects.get()
    told: dict[str, Any] = {"ends": True, "ends_on": date(2025, 6, 1), "why": "sudah dicek bersama desa", "on": TODAY}
    with pytest.raises(Refused, match="tingkat yang disebut kebijakan"):
        decide_end(proposal.pk, post=lead, by=lead.user, **told)
    with pytest.raises(Refused, match="tidak memutuskan usulannya sendiri"):
        decide_end(proposal.pk, post=coordinator, by=coordinator.user, **told)
    office = person("regency_office", regions=(6305000000,))
    decide_end(proposal.pk, post=office, by=office.user, **told)
    assert Enrolment.objects.get(family=family).spell.upper == date(2025, 6, 1)
    with pytest.raises(Refused, match="sudah diputuskan"):
        decide_end(proposal.pk, post=office, by=office.user, **told)
    assert Entry.objects.filter(verb="membership.ended", subject=family.pk).count() == 1


def test_a_kept_membership_runs_on(world: World, visit: Visit) -> None:
    family = world.family()
    visit(family, eligible=False, reason="double")
    office = person("regency_office", regions=(6305000000,))
    decide_end(
        EndProposal.objects.get().pk, ends=False, ends_on=None, why="ternyata orang lain", post=office, by=office.user,
        on=TODAY,
    )  # fmt: skip
    assert Enrolment.objects.get(family=family).spell.upper is None


def decreed(world: World, *rows: Candidacy, **told: Any) -> list[Candidacy]:
    if not Invitation.objects.exists():
        meeting = meet(world, rows[0].family.group)
        agree(world, meeting, *(row.family_id for row in rows))
    given: dict[str, Any] = {
        "number": "SK 12/2025", "decreed_on": date(2025, 5, 2), "starts_on": date(2025, 7, 1), "by": world.user,
        "on": TODAY,
    } | told  # fmt: skip
    return decree([row.pk for row in rows], **given)


def test_a_decree_begins_memberships_with_what_the_visit_found(
    world: World, candidates: Candidates, visit: Visit
) -> None:
    school = Facility.objects.create(kind="school", name="SDN 1", name_key="SDN 1", region_id=HIYUNG)
    one, two = candidates(2)
    child = Member.objects.create(family=one.family, name="ANAK", name_key="ANAK", born_on=date(2016, 1, 1))
    visit(one.family, components=(Counted(child.pk, Component.PRIMARY, school.pk, "2"),))
    visit(two.family)
    decreed(world, one, two)
    assert {e.family_id: e.spell for e in Enrolment.objects.all()} == dict.fromkeys(
        (one.family_id, two.family_id), DateRange(date(2025, 7, 1), None)
    )
    spell = ComponentSpell.objects.get(member=child)
    assert (spell.component, spell.facility, spell.grade, spell.spell.lower) == (3, school, "2", date(2025, 7, 1))
    with pytest.raises(Refused, match="sudah ditetapkan"):
        decreed(world, one)


def test_a_decree_with_one_who_is_not_ready_is_refused_whole(
    world: World, candidates: Candidates, visit: Visit
) -> None:
    one, two = candidates(2)
    visit(one.family)
    with pytest.raises(Refused, match="CALON 2 belum dinyatakan layak"):
        decreed(world, one, two)
    assert Enrolment.objects.count() == 0
    Invitation.objects.filter(candidacy=one).update(consent=0, consent_on=None)
    with pytest.raises(Refused, match="CALON 1 belum menyatakan setuju"):
        decreed(world, one)
    Invitation.objects.filter(candidacy=one).update(consent=1, consent_on=TODAY)
    for told, said in (
        ({"number": " "}, "nomor SK"), ({"decreed_on": date(2025, 6, 1)}, "belum terbit"),
        ({"starts_on": date(2025, 7, 2)}, "tanggal 1"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            decreed(world, one, **told)
    Member.objects.filter(family=one.family).update(died_on=TODAY)
    with pytest.raises(Refused, match="pengurusnya meninggal"):
        decreed(world, one)


def test_the_codes_are_checked(tmp_path: Any) -> None:
    assert default_codes()["not_found"]["moved"].ends
    text = (load.__defaults__ or ())[0].read_text()
    for wrong in (
        text.replace("code: moved", "code: away"), text.replace("confidence: L", "confidence: X"),
        text.replace('english: "Easy"', 'said: "Easy"'), text.replace("terrain:", "ground:"),
    ):  # fmt: skip
        file = tmp_path / "visits.yaml"
        file.write_text(wrong)
        with pytest.raises(BadFieldworkData):
            load(file)
