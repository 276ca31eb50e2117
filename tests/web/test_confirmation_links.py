"""The link by which a head of facility confirms: one list, once, for a while, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harapan.accounts.links import LinkClosed
from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Facility, Family, Member
from harapan.verification import linking
from harapan.verification.masking import masked_name
from harapan.verification.models import ConfirmationLink, Evidence, FacilityMonth, Observation
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in

MONTHS = (202501, 202502, 202503)


@dataclass(frozen=True)
class Ground:
    world: World
    school: Facility
    pupil: Member
    stranger: Member  # at the same school, registered in another kabupaten
    officer: Post


@pytest.fixture
def ground(world: World) -> Ground:
    school = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    pupils = []
    for village, name in ((HIYUNG, "AHMAD RIZKI"), (BAMBAN, "SITI AMINAH")):
        pupil = world.member(world.family(village=village), (Component.PRIMARY, {"facility": school}))
        Member.objects.filter(pk=pupil.pk).update(name=name, name_key=name)
        pupils.append(pupil)
    world.listed({pupils[0].family: 225_000})
    return Ground(world, school, *pupils, officer=person("data_officer", regions=(TAPIN,)))


def made(ground: Ground, *, months: tuple[int, ...] = MONTHS) -> ConfirmationLink:
    signed_in(ground.officer).post(reverse("link_make", args=[ground.school.pk]), {"month": months, "stage": "2025-2"})
    return ConfirmationLink.objects.get()


def address(link: ConfirmationLink) -> str:
    return reverse("confirm", args=[linking.token_of(link)])


def confirm(link: ConfirmationLink, **sent: Any) -> Any:
    given = {"month": MONTHS, "name": "Hj. Ratna", "position": "kepala sekolah"}
    days = {f"days-{month}": "20" for month in MONTHS}
    return Client().post(address(link), {**given, **days, **sent})


def test_head_of_school_confirms_on_a_phone_without_an_account(ground: Ground) -> None:
    link = made(ground)
    shown = Client().get(address(link))
    assert shown.status_code == 200
    words = shown.content.decode()
    assert "AHMAD R." in words
    assert "RIZKI" not in words
    assert "SITI" not in words
    assert (shown["Referrer-Policy"], shown["Cache-Control"]) == ("same-origin", "no-store")
    answer = confirm(link, **{f"a-{ground.pupil.pk}-202502": "4"})
    assert answer.status_code == 200
    assert "Terima kasih" in answer.content.decode()
    month = FacilityMonth.objects.get(facility=ground.school, month=202502)
    assert (month.evidence, month.manner, month.effective_days) == (Evidence.CONFIRMATION, "link", 20)
    assert "Hj. Ratna, kepala sekolah, lewat tautan" in month.evidence_note
    assert Observation.objects.values_list("member_id", "month", "absent_days").get() == (ground.pupil.pk, 202502, 4)
    link.refresh_from_db()
    assert (link.confirmed_by, link.position, link.opened, link.from_address) == (
        "Hj. Ratna", "kepala sekolah", 1, "127.0.0.1",
    )  # fmt: skip
    entry = Entry.objects.get(verb="link.confirmed")
    assert (entry.via, entry.actor, entry.subject) == ("link", ground.officer.user_id, ground.school.pk)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("AHMAD RIZKI MAULANA", "AHMAD R. M."), ("M. FAUZAN", "M. FAUZAN"), ("St. Nur Aini", "S. Nur A."), ("AI", "AI")],
)
def test_a_masked_name_keeps_one_word_by_which_a_teacher_knows_the_child(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_it_works_once(ground: Ground) -> None:
    link = made(ground)
    assert confirm(link).status_code == 200
    assert confirm(link, **{f"a-{ground.pupil.pk}-202501": "9"}).status_code == 404
    assert Client().get(address(link)).status_code == 404
    assert not Observation.objects.exists()


@pytest.mark.parametrize("how", ["expired", "revoked", "post ended", "post moved", "sender gone", "opened too often"])
def test_what_is_closed_gives_one_answer_and_writes_nothing(ground: Ground, how: str) -> None:
    link = made(ground)
    now = timezone.now()
    if how == "expired":
        ConfirmationLink.objects.update(expires_at=now - timedelta(seconds=1))
    elif how == "revoked":
        linking.revoke(link, by=ground.officer.user)
    elif how == "post ended":
        Post.objects.filter(pk=ground.officer.pk).update(until=date(2024, 6, 1))
    elif how == "post moved":
        Post.objects.filter(pk=ground.officer.pk).update(region_nos=[6306000000])
    elif how == "sender gone":
        type(ground.officer.user).objects.filter(pk=ground.officer.user_id).update(is_active=False)
    else:
        ConfirmationLink.objects.update(opened=100)
    for answer in (Client().get(address(link)), confirm(link)):
        assert answer.status_code == 404
        assert "Tautan ini tidak berlaku" in answer.content.decode()
        assert "SDN HIYUNG" not in answer.content.decode()
    assert not FacilityMonth.objects.exists()


def test_a_changed_address_opens_nothing_and_makes_its_sender_wait(ground: Ground) -> None:
    link = made(ground)
    good = linking.token_of(link)
    other = replace_number(good)
    unsigned = f"{link.pk}-{link.nonce}"
    for token in (good[:-1], other, unsigned):
        assert Client().get(reverse("confirm", args=[token])).status_code == 404
    assert Client().get(address(link)).status_code == 429
    assert Client(REMOTE_ADDR="10.1.2.3").get(address(link)).status_code == 200


def replace_number(token: str) -> str:
    number, _, rest = token.partition("-")
    return f"{int(number) + 1}-{rest}"


def test_signature_without_the_nonce_of_its_row_opens_nothing(ground: Ground) -> None:
    link = made(ground)
    with pytest.raises(LinkClosed), linking.opened(linking.ADDRESSES.token(link.pk, "guessed")):
        raise AssertionError("opened")


def test_scope_of_a_link_is_the_kecamatan_of_its_children_and_no_more(ground: Ground) -> None:
    elsewhere = ground.world.family(village=CEMPAKA)
    link = made(ground)
    with linking.opened(linking.token_of(link)):
        assert set(Family.objects.values_list("pk", flat=True)) == {ground.pupil.family_id}
        with pytest.raises(ObjectDoesNotExist):
            Family.objects.get(pk=elsewhere.pk)


def test_without_the_link_the_login_reads_no_link(ground: Ground) -> None:
    link = made(ground)
    with put_on(Scope.common()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM harapan.confirmation_link(%s, %s)", [link.pk, "guessed"])
        assert cursor.fetchone() == (0,)


def test_forged_members_and_months_are_left_alone(ground: Ground) -> None:
    link = made(ground, months=(202501,))
    ConfirmationLink.objects.update(members=[ground.pupil.pk])
    colleague = ground.world.member(ground.world.family(), (Component.PRIMARY, {"facility": ground.school}))
    forged = {
        f"a-{ground.stranger.pk}-202501": "9",
        f"a-{colleague.pk}-202501": "9",
        f"a-{ground.pupil.pk}-202503": "9",
    }
    assert confirm(link, **forged).status_code == 200
    assert list(FacilityMonth.objects.values_list("month", flat=True)) == [202501]
    assert set(Observation.objects.values_list("member_id", "outcome")) == {(colleague.pk, 3)}  # nobody spoke of them


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"name": " "}, "Nama dan jabatan"), ({"month": []}, "Belum ada bulan"), ({"days-202501": "0"}, "1 sampai 31")],
)
def test_what_is_missing_is_said_and_the_link_stays(ground: Ground, sent: dict[str, Any], words: str) -> None:
    link = made(ground)
    answer = confirm(link, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not FacilityMonth.objects.exists()
    assert confirm(link).status_code == 200


def test_a_month_proven_meanwhile_is_refused_in_words_and_the_rest_kept(ground: Ground) -> None:
    link = made(ground)
    client = signed_in(ground.officer)
    days = {f"days-{month}": "20" for month in MONTHS}
    client.post(
        reverse("facility_declare", args=[ground.school.pk]),
        {"month": [202501], "member": [ground.pupil.pk], "late_because": "formulir baru diterima", **days},
    )
    client.post(
        reverse("facility_prove", args=[ground.school.pk]),
        {"months": [202501], "evidence": Evidence.VISIT, "note": "Dilihat di tempat"},
    )
    assert confirm(link).status_code == 200
    kept = dict(FacilityMonth.objects.values_list("month", "evidence"))
    assert kept == {202501: "visit", 202502: "confirmation", 202503: "confirmation"}


def test_only_who_may_prove_sends_a_link(ground: Ground) -> None:
    facilitator = person("facilitator", groups=(ground.pupil.family.group_id,))
    answer = signed_in(facilitator).post(reverse("link_make", args=[ground.school.pk]), {"month": MONTHS})
    assert answer.status_code == 404
    assert not ConfirmationLink.objects.exists()
    link = made(ground)
    neighbour = person("data_officer", regions=(6306000000,))
    assert signed_in(neighbour).get(reverse("link", args=[ground.school.pk, link.pk])).status_code == 404


def test_its_page_shows_the_square_and_the_twin_is_a_paper(ground: Ground) -> None:
    link = made(ground)
    client = signed_in(ground.officer)
    shown = client.get(reverse("link", args=[ground.school.pk, link.pk])).content.decode()
    assert address(link) in shown
    assert "<svg" in shown
    paper = client.get(reverse("link_printed", args=[ground.school.pk, link.pk]))
    assert paper.content.startswith(b"%PDF")
    client.post(reverse("link_revoke", args=[ground.school.pk, link.pk]))
    assert "sudah dicabut" in client.get(reverse("link", args=[ground.school.pk, link.pk])).content.decode()
