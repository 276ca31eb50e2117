"""The whole road of one new family, from quota to first payment, each step by whoever does it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.database import day
from harapan.exchange.candidates import codec
from harapan.fieldwork.models import Candidacy, FirstMeeting, HomeVisit, VisitPhotograph
from harapan.fieldwork.road import LABELS, Step
from harapan.fieldwork.road_queries import road_of
from harapan.intake.actions import bring_in
from harapan.payments.actions import record_card_step
from harapan.payments.enums import Outcome
from harapan.payments.models import CardStep
from harapan.registry.bulk.accounts import NewAccount, put_accounts
from harapan.registry.models import ComponentSpell, Enrolment, Facility, Family, Member, Source
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.p2k2.test_photographs import picture
from tests.web.signing import person, signed_in
from tests.web.stage_ground import DAY, NOMINAL, told, words

TODAY = date(2025, 6, 2)
NIK, KK = "6305026602730001", "6305020101010001"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


def post(by: Post, page: str, *args: Any, **given: Any) -> Any:
    answer = signed_in(by).post(reverse(page, args=args), given)
    assert answer.status_code == 303, words(answer)
    return answer


def picture_named(name: str, colour: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour=colour), "image/jpeg")


def test_from_quota_to_first_payment(world: World) -> None:
    officer = person("data_officer", regions=(TAPIN,))
    office = person("regency_office", regions=(TAPIN,))
    facilitator = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,), name="SITI RAHMAH")

    def stands() -> Step:
        """Where the road is, said by the database and on the candidate's page alike."""
        row = road_of(Candidacy.objects.latest("pk"))
        page = signed_in(officer).get(reverse("candidate", args=[row.family_id]))
        assert f"<mark>{LABELS[Step(row.step)]}</mark>" in words(page)
        return Step(row.step)

    # quota, list of candidates, facilitator
    post(officer, "quota_set", village=str(HIYUNG), places="1", from_on="2025-01-01", source="Surat pusat 12/2025")
    lines = [
        {"nik": NIK, "kk": KK, "name": "MASITAH", "village_code": str(HIYUNG), "address": "JL. HIYUNG", "rt": "004",
         "rw": "003", "decile": 1, "rank": 2},
    ]  # fmt: skip
    run = bring_in(
        codec.render(lines, form="csv"), name="calon.csv", layout="candidates", by=officer.user, post=officer,
        commit=True, on=date(2025, 3, 3),
    )  # fmt: skip
    assert (run.accepted, run.refused) == (1, 0)
    family = Family.objects.get(name="MASITAH")
    assert stands() == Step.INVITE
    assert signed_in(facilitator).get(reverse("candidate", args=[family.pk])).status_code == 404
    post(officer, "village_give", family.group_id, facilitator=facilitator.user_id, why="pembagian calon Maret")

    # first meeting: invited, rights and duties read out, present, signed
    post(
        facilitator, "first_meeting_new", family.group_id, kind="2", held_on="2025-05-12", begins="09:00", place="Balai"
    )
    meeting = FirstMeeting.objects.get()
    assert stands() == Step.MEET
    post(facilitator, "first_meeting_read", meeting.pk, read_by="Siti Rahmah")
    row = meeting.invitations.get()
    post(facilitator, "first_meeting", meeting.pk, **{f"{row.pk}-came": "1", f"{row.pk}-consent": "0"})
    assert stands() == Step.CONSENT
    given = {f"{row.pk}-came": "1", f"{row.pk}-consent": "2", f"{row.pk}-photograph": picture_named("a.jpg", 10)}
    post(facilitator, "first_meeting", meeting.pk, **given)
    assert stands() == Step.VALIDATE

    # home visit: eligible, a child at school, two photographs
    school = Facility.objects.create(kind="school", name="SDN Hiyung", name_key="SDN HIYUNG", region_id=HIYUNG)
    child = Member.objects.create(family=family, name="ALIF", name_key="ALIF", born_on=date(2016, 2, 2))
    post(
        facilitator, "visit_new", family.pk, visited_on="2025-05-20", begins="10:00", ends="10:40", result="eligible",
        reason="", floor="earth", terrain="hard", latitude="-3.05", longitude="115.16", accuracy_m="9", note="",
        **{f"component-{child.pk}": "3", f"school-{child.pk}": school.pk, f"grade-{child.pk}": "3",
           "photo-house": picture_named("b.jpg", 20), "photo-family": picture_named("c.jpg", 30)},
    )  # fmt: skip
    assert (HomeVisit.objects.count(), VisitPhotograph.objects.count()) == (1, 2)
    assert stands() == Step.DECREE
    assert not Enrolment.objects.filter(family=family).exists()

    # the decree begins the membership with what the visit found
    chosen = Candidacy.objects.get().pk
    post(office, "decree", candidate=[chosen], number="SK 7/2025", decreed_on="2025-06-01", starts_on="2025-06-01")
    assert Enrolment.objects.get(family=family).spell.lower == date(2025, 6, 1)
    assert ComponentSpell.objects.get(family=family).component == Component.PRIMARY
    assert stands() == Step.ACCOUNT

    # account, card, group, first payment: recorded where they always are, read by the road
    assert f'value="{family.pk}"' in words(signed_in(officer).get(reverse("cards"), {"step": "none"}))
    account = NewAccount(family.pk, "BRI", "330201000001234", None)
    put_accounts([account], source=Source.BANK, since=date(2025, 6, 1))
    assert stands() == Step.CARD
    cards = words(signed_in(officer).get(reverse("cards")))
    assert "<mark>1 kartu</mark> belum sampai di tangan" in cards
    candidate = words(signed_in(officer).get(reverse("candidate", args=[family.pk])))
    assert f"{reverse('cards')}?family={family.pk}" in candidate
    for listed in ({"step": "none"}, {"family": family.pk}):
        shown = words(signed_in(officer).get(reverse("cards"), listed))
        assert f'value="{family.pk}"' in shown
        assert "1234" in shown  # tells namesakes apart
        assert "330201000001234" not in shown
    family.refresh_from_db()
    steps = CardStep.Step
    for step in (steps.ORDERED, steps.AT_BRANCH):
        record_card_step([family], step=step, by=officer.user, on=TODAY)
    record_card_step(
        [family], step=steps.HANDED_OVER, by=officer.user, on=TODAY, minutes_no="BA 1", minutes_on=TODAY
    )  # fmt: skip
    assert stands() == Step.GROUP
    for _ in range(12):
        world.family()  # the group that stands already
    page = signed_in(officer).get(reverse("groups_balance"), {"region": 6305030000})
    key = f"{family.pk}:g{world.groups[HIYUNG].pk}"
    assert key in words(page)
    post(officer, "groups_balance", region="6305030000", move=[key], why="calon yang sudah ditetapkan")
    assert stands() == Step.PAYMENT
    family.refresh_from_db()
    world.listed({family: NOMINAL})
    told(world, (family, Outcome.CREDITED))
    assert stands() == Step.DONE
    assert road_of(Candidacy.objects.get()).since == DAY
    verbs = set(Entry.objects.filter(subject=family.pk, subject_kind="family").values_list("verb", flat=True))
    assert verbs >= {
        "candidate.listed", "candidate.placed", "candidate.invited", "candidate.answered", "family.visited",
        "candidate.validated", "candidate.decreed", "family.moved",
    }  # fmt: skip
