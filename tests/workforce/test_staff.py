"""Staff from the first day to the last: contracts, going away with all handed over, first days, badges, the roster."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from PIL import ExifTags, Image

from harapan.accounts import actions
from harapan.accounts.models import Acting, Post, User
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.grouping import move_to_group
from harapan.registry.models import Group
from harapan.registry.queries import groups_in, held_by_nobody
from harapan.workforce.ethics import signing, texts
from harapan.workforce.ethics.signing import sign_code
from harapan.workforce.models import (
    Badge,
    CaseloadMove,
    Contract,
    Departure,
    Establishment,
    Mentorship,
    Person,
    Portrait,
)
from harapan.workforce.staff import (
    badges,
    beginning,
    checklist,
    contracts,
    departures,
    ending,
    handing,
    law,
    opening,
    portraits,
    reach,
    roster,
)
from harapan.workforce.staff.contracts import Terms
from harapan.workforce.staff.departures import Going
from harapan.workforce.staff.opening import FirstPost
from harapan.workforce.taking_on import take_on
from tests.benefits.world import HSS, TAPIN
from tests.web.signing import person as post_of
from tests.web.signing import signed_in
from tests.workforce.conftest import TAPIN_SELATAN, TAPIN_TENGAH, TODAY, Team

SINCE = date(2024, 1, 8)
NIK, NIK_OTHER = "6305014107900001", "6305014208910002"
MET = "Diperkenalkan ketua tim kepada camat dan kepala desa."
Kind = Departure.Kind


@pytest.fixture
def people(uneven: Team) -> dict[str, Person]:
    """A record for everybody in a post."""
    made = {
        name: take_on(name, region_no=post.region_nos[0], since=SINCE, user=post.user, cohort=2017)
        for name, post in uneven.posts.items()
    }
    lead = uneven.coordinator
    return made | {"KATIM": take_on("KATIM TAPIN", region_no=TAPIN, since=SINCE, user=lead.user)}


@pytest.fixture
def who(uneven: Team) -> dict[str, Any]:
    """The coordinator of Tapin, acting today."""
    return {"post": uneven.coordinator, "by": uneven.coordinator.user, "on": TODAY}


def pppk(number: str = "SPK/1/2025", **changes: Any) -> Terms:
    told = {"dated": date(2025, 1, 2), "since": date(2025, 2, 1), "until": date(2026, 2, 1)} | changes
    return Terms(Contract.Form.PPPK, number, **{"position": "penata_layanan_operasional", **told})


# contracts


def test_names_of_positions_change_with_the_year() -> None:
    assert law.form_on(date(2024, 12, 31)) == Contract.Form.CONTRACT
    assert law.form_on(date(2025, 1, 1)) == Contract.Form.PPPK
    assert law.positions("contract", date(2016, 5, 1))["administrator_pangkalan_data"] == "Operator PKH"
    assert law.positions("contract", date(2018, 5, 1))["administrator_pangkalan_data"] == "Administrator Pangkalan Data"
    assert law.positions("contract", date(2025, 5, 1)) == {}
    assert law.position_name("pendamping_sosial", date(2024, 5, 1)) == "Pendamping Sosial PKH"


def test_a_decree_renews_many_at_once_and_twice_is_once(people: dict[str, Person], who: dict[str, Any]) -> None:
    named = [people[name].pk for name in ("ANI", "BUDI", "CICI")]
    made = contracts.sign_many(named, pppk(), **who)
    assert contracts.sign_many(named, pppk(), **who) == made
    assert Contract.objects.count() == 3
    assert Entry.objects.filter(verb="contracts.signed").count() == 1


def test_positions_follow_education_where_the_form_changes(people: dict[str, Person], who: dict[str, Any]) -> None:
    for name, education in (("ANI", "bachelor"), ("BUDI", "senior")):
        opening.change(people[name].pk, **who, education=education)
    named = [people["ANI"].pk, people["BUDI"].pk]
    old = Terms(Contract.Form.CONTRACT, "SK/1/2024", SINCE, SINCE, date(2025, 1, 1), position="pendamping_sosial")
    contracts.sign_many(named, old, **who)
    made = contracts.sign_many(named, pppk(position=""), **who)
    assert [each.position for each in made] == ["penata_layanan_operasional", "operator_layanan_operasional"]
    with pytest.raises(Refused, match="CICI dalam SK ini belum jelas"):
        contracts.sign(people["CICI"].pk, pppk(position=""), **who)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (pppk(number=" "), "Nomor SK kosong"),
        (pppk(dated=date(2025, 6, 1)), "belum tiba"),
        (pppk(until=date(2025, 2, 1)), "tidak berurutan"),
        (pppk(until=date(2030, 2, 2)), "lebih dari 60 bulan"),
        (Terms(Contract.Form.CONTRACT, "SK/9", SINCE, SINCE, date(2025, 1, 9), "pendamping_sosial"), "12 bulan"),
        (pppk(position="pendamping_sosial"), "tidak ada untuk ASN PPPK"),
        (
            Terms(Contract.Form.CONTRACT, "SK/9", TODAY, TODAY, TODAY + timedelta(days=90)),
            "Bentuk ikatan kontrak tahunan",
        ),
    ],
)
def test_senseless_terms_are_refused(people: dict[str, Person], who: dict[str, Any], terms: Terms, said: str) -> None:
    with pytest.raises(Refused, match=said):
        contracts.sign(people["ANI"].pk, terms, **who)
    assert not Contract.objects.exists()


def test_contracts_of_one_person_never_overlap(people: dict[str, Person], who: dict[str, Any]) -> None:
    contracts.sign(people["ANI"].pk, pppk(), **who)
    with pytest.raises(Refused, match="ANI sudah terikat SPK/1/2025 sampai 1 Februari 2026"):
        contracts.sign_many([people["BUDI"].pk, people["ANI"].pk], pppk("SPK/2", since=date(2026, 1, 31),
                            until=date(2027, 1, 1)), **who)  # fmt: skip
    assert Contract.objects.count() == 1  # all of a decree or none
    contracts.sign(people["ANI"].pk, pppk("SPK/2", since=date(2026, 2, 1), until=date(2027, 2, 1)), **who)


def test_those_whose_contract_ends_soon_are_named(people: dict[str, Person], who: dict[str, Any]) -> None:
    contracts.sign(people["ANI"].pk, pppk(until=TODAY + timedelta(days=60)), **who)
    contracts.sign(people["BUDI"].pk, pppk(until=TODAY + timedelta(days=61)), **who)
    contracts.sign(people["CICI"].pk, pppk(until=TODAY - timedelta(days=1)), **who)
    assert [each.person.name for each in contracts.ending(who["post"], on=TODAY)] == ["CICI", "ANI"]
    later = pppk("SPK/2", since=TODAY - timedelta(days=1), until=date(2026, 1, 1))
    contracts.sign(people["CICI"].pk, later, **who)
    assert [each.person.name for each in contracts.ending(who["post"], on=TODAY)] == ["ANI"]


def test_nobody_writes_about_themselves_or_about_their_like(people: dict[str, Person], who: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="tentang KATIM TAPIN sendiri"):
        contracts.sign(people["KATIM"].pk, pppk(), **who)
    officer = post_of("data_officer", regions=(TAPIN,), name="JUMBERI")
    equal = take_on("JUMBERI", region_no=TAPIN, since=SINCE, user=officer.user)
    with pytest.raises(Refused, match="JUMBERI memegang jabatan yang tidak di bawah jabatan Anda"):
        contracts.sign(equal.pk, pppk(), **who)
    elsewhere = post_of("regency_coordinator", regions=(HSS,))
    with pytest.raises(NotYours):
        contracts.sign(people["ANI"].pk, pppk(), post=elsewhere, by=elsewhere.user, on=TODAY)


# a post with an end date


def test_a_post_that_ends_by_itself_is_asked_about_before_and_its_groups_until_somebody_holds_them(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    soon = TODAY + timedelta(days=law.renew_before_days(TODAY))
    held = Post.objects.filter(pk=uneven.posts["ANI"].pk)
    before = set(held_by_nobody(groups_in(who["post"]), on=TODAY).values_list("pk", flat=True))
    held.update(until=soon + timedelta(days=1))
    assert not ending.about_to_end(who["post"], on=TODAY).exists()
    held.update(until=soon)
    assert [each.name for each in ending.about_to_end(who["post"], on=TODAY)] == ["ANI"]
    alone = set(held_by_nobody(groups_in(who["post"]), on=soon).values_list("pk", flat=True))
    assert alone - before == set(held.get().groups) != set()  # no longer silently with somebody who does not serve
    assert [each.name for each in ending.about_to_end(who["post"], on=soon)] == ["ANI"]
    Post.objects.create(user=uneven.user("ANI"), role_code="facilitator", region_nos=[TAPIN_TENGAH], since=soon)
    assert not ending.about_to_end(who["post"], on=soon).exists()


# going away


def plan(person: Person, kind: Departure.Kind, who: dict[str, Any], **more: Any) -> Departure:
    told = {"leaves_on": TODAY, "letter": "800/12/2025", "why": "atas permintaan sendiri"} | more
    return departures.plan(person.pk, Going(kind, **told), **who)


def test_nobody_leaves_while_groups_are_theirs(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    leaving = plan(people["ANI"], Kind.EXIT, who)
    with pytest.raises(Refused, match="ANI masih mendampingi 2 kelompok"):
        departures.settle(leaving.pk, **who)
    uneven.user("ANI").refresh_from_db()
    assert uneven.user("ANI").is_active
    assert Departure.objects.get().open


def test_what_is_handed_over_is_computed(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    work = checklist.leaver_of(uneven.user("ANI"), post=who["post"], on=TODAY)
    found = {item.code: item for item in checklist.items(work)}
    assert set(found) == {"groups", "families", "tasks", "reports", "held_cards"}
    assert (found["groups"].count, found["families"].count) == (2, 30)
    assert found["groups"].holds_up
    assert found["reports"].count == 4  # January to April, none made
    assert checklist.items(work)[0].code == "groups"


def test_groups_go_by_decree_then_the_account_closes(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    contracts.sign(people["ANI"].pk, pppk(), **who)
    badge = badges.issue(people["ANI"].pk, **who)
    candidate = uneven.world.family(enrolled=False, bank="")  # goes with the group and weighs nothing
    move_to_group([candidate.pk], uneven.groups["Melati 1"].pk, by=who["by"], on=TODAY, why="calon baru")
    leaving = plan(people["ANI"], Kind.EXIT, who)
    offered = handing.offer(leaving, post=who["post"], on=TODAY)
    assert [group.name for group, _taker in offered.groups] == ["Melati 1", "Melati 2"]
    assert uneven.user("ANI").pk not in {each.user for each in offered.takers}
    assert all(taker for _group, taker in offered.groups)
    given = {group.pk: taker for group, taker in offered.groups if taker}
    decree = handing.hand_over(leaving.pk, given, number="SK/7/2025", dated=TODAY, **who)
    moves = CaseloadMove.objects.filter(decree=decree)
    assert {(move.giver_id, move.reason) for move in moves} == {(uneven.user("ANI").pk, "leaves")}
    assert sum(move.families for move in moves) == 30
    departures.settle(leaving.pk, **who)
    gone = Person.objects.get(pk=people["ANI"].pk)
    assert gone.until == TODAY
    assert not User.objects.get(pk=gone.user_id).is_active
    assert not Post.objects.filter(user=gone.user_id).held_on(TODAY).exists()
    assert Contract.objects.get().until == TODAY
    assert not badges.checked(badge.code).valid_on(TODAY)  # type: ignore[union-attr]
    with pytest.raises(Refused, match="sudah dilaksanakan"):
        departures.settle(leaving.pk, **who)


def test_groups_that_are_not_theirs_or_go_back_to_them_are_refused(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    leaving = plan(people["ANI"], Kind.EXIT, who)
    mine, foreign = uneven.groups["Melati 1"].pk, uneven.groups["Mawar 1"].pk
    told = {"number": "SK/7", "dated": TODAY, **who}
    with pytest.raises(Refused, match="sudah berpindah"):
        handing.hand_over(leaving.pk, {foreign: uneven.user("CICI").pk}, **told)
    with pytest.raises(Refused, match="ANI sendiri yang menyerahkan"):
        handing.hand_over(leaving.pk, {mine: uneven.user("ANI").pk}, **told)
    with pytest.raises(Refused, match="Tidak ada baris yang dipilih"):
        handing.hand_over(leaving.pk, {}, **told)
    assert Group.objects.get(pk=mine).facilitator_id == uneven.user("ANI").pk


def test_a_transfer_moves_the_post_and_everything_on_record(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    """The old place no longer sees the rows; the new one does: they follow by their composite key."""
    person = people["DEDI"]
    contracts.sign(person.pk, pppk(), **who)
    going = plan(person, Kind.TRANSFER, who, to=Region.objects.get(no=TAPIN_SELATAN))
    departures.settle(going.pk, **who)
    person.refresh_from_db()
    assert person.region_no == TAPIN_SELATAN
    assert [(post.region_nos, post.role_code) for post in Post.objects.filter(user=person.user).held_on(TODAY)] == [
        ([TAPIN_SELATAN], "facilitator")
    ]
    for place, seen in ((TAPIN_TENGAH, 0), (TAPIN_SELATAN, 1)):
        with put_on(Scope.of_ranges(((place, place + 10**4),), actor=who["by"].pk, via="test")):
            assert Contract.objects.filter(person=person).count() == seen
            assert Departure.objects.filter(person=person).count() == seen


def test_a_transfer_out_of_reach_is_for_the_level_above(people: dict[str, Person], who: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="berada di luar wilayah kerja Anda"):
        plan(people["DEDI"], Kind.TRANSFER, who, to=Region.objects.get(no=6306040000))
    with pytest.raises(Refused, match="berbeda dari tempat tugas DEDI"):
        plan(people["DEDI"], Kind.TRANSFER, who, to=Region.objects.get(no=TAPIN_TENGAH))


def test_leave_is_covered_and_may_end_early(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    begins, back = TODAY - timedelta(days=2), TODAY + timedelta(days=88)
    leave = plan(people["ANI"], Kind.LEAVE, who, leaves_on=begins, back_on=back, cover=uneven.user("BUDI"))
    departures.settle(leave.pk, **who)
    acting = Acting.objects.get(substitute=uneven.user("BUDI"))
    assert (acting.form, acting.since, acting.until, acting.letter) == ("plh", begins, back, "800/12/2025")
    assert roster.whole(roster.lines(who["post"], uneven.regency, on=TODAY)).away == 1
    departures.come_back(leave.pk, **who)
    acting.refresh_from_db()
    assert acting.until == TODAY
    assert roster.whole(roster.lines(who["post"], uneven.regency, on=TODAY)).away == 0
    with pytest.raises(Refused, match="tidak sedang berjalan"):
        departures.come_back(leave.pk, **who)


def test_leave_without_cover_or_return_is_refused(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="Tanggal kembali bertugas"):
        plan(people["ANI"], Kind.LEAVE, who, back_on=TODAY)
    leave = plan(people["ANI"], Kind.LEAVE, who, back_on=TODAY + timedelta(days=3))
    with pytest.raises(Refused, match="Pengganti selama cuti belum dipilih"):
        departures.settle(leave.pk, **who)
    with pytest.raises(Refused, match="sudah direncanakan cuti"):
        plan(people["ANI"], Kind.EXIT, who)
    departures.withdraw(leave.pk, why="batal cuti", **who)
    plan(people["ANI"], Kind.EXIT, who)


def test_nothing_is_carried_out_before_its_day(people: dict[str, Person], who: dict[str, Any]) -> None:
    leaving = plan(people["DEDI"], Kind.EXIT, who, leaves_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="Laksanakan pada hari itu"):
        departures.settle(leaving.pk, **who)


def test_an_acting_post_ends_early(uneven: Team) -> None:
    acting = actions.let_act(
        uneven.posts["ANI"], substitute=uneven.user("BUDI"), form=Acting.Form.PLH, since=TODAY,
        until=TODAY + timedelta(days=30), letter="ST/1", by=uneven.coordinator.user,
    )  # fmt: skip
    with pytest.raises(Refused, match="Pilih tanggal berakhir sesudahnya"):
        actions.end_acting(acting, on=TODAY, by=uneven.coordinator.user)
    actions.end_acting(acting, on=TODAY + timedelta(days=2), by=uneven.coordinator.user)
    assert not Acting.objects.on(TODAY + timedelta(days=2)).exists()
    with pytest.raises(Refused, match="sudah berakhir"):
        actions.end_acting(acting, on=TODAY + timedelta(days=3), by=uneven.coordinator.user)


def test_whoever_had_left_comes_back_under_the_record_that_stands(uneven: Team, who: dict[str, Any]) -> None:
    place, other = (Region.objects.get(no=no) for no in (TAPIN_TENGAH, TAPIN_SELATAN))
    told = {"nik": NIK, "kind": Person.Kind.TKSK}
    left = opening.add_person("FITRI", region=place, since=SINCE, **told, **who)
    Person.objects.filter(pk=left.pk).update(until=date(2025, 1, 1))
    with pytest.raises(Refused, match="FITRI bertugas sampai 1 Januari 2025"):
        opening.add_person("FITRI", region=place, since=date(2024, 12, 31), **told, **who)
    back = opening.add_person("FITRI", region=other, since=TODAY, **told | {"kind": Person.Kind.PKH}, **who)
    back.refresh_from_db()
    assert (back.pk, back.kind, back.region_no, back.since, back.until) == (left.pk, "pkh", TAPIN_SELATAN, TODAY, None)
    assert Entry.objects.filter(verb="person.came_back", subject=left.pk).exists()
    again = opening.add_person("FITRI", region=place, since=TODAY, **told, **who)  # who serves stays as they are
    assert (again.pk, again.region_no) == (left.pk, TAPIN_SELATAN)


# the first days


def test_who_is_behind_in_the_first_days(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    new = take_on("FITRI", region_no=TAPIN_TENGAH, since=TODAY - timedelta(days=31))
    (told,) = beginning.newcomers(who["post"], on=TODAY)
    assert [step.step.code for step in told.behind(TODAY)] == ["account", "mentor", "code_of_ethics", "introduced"]
    code = next(step for step in told.steps if step.step.code == "code_of_ethics")
    assert code.due_on == signing.due_on(new, TODAY)  # one day, wherever it is read
    beginning.give_mentor(new.pk, uneven.user("ANI"), since=TODAY, **who)
    with pytest.raises(Refused, match="Catatan langkah ini 2 huruf"):
        beginning.tell_step(new.pk, "introduced", done_on=TODAY, words="ok", **who)
    for words in (MET, "Ketua tim memperkenalkannya lagi."):
        record = beginning.tell_step(new.pk, "introduced", done_on=TODAY, words=words, **who)
    assert (record.words, record.told_by) == (MET, who["by"])
    sign_code(new, version=texts.in_force(TODAY).version, by=who["by"], on=TODAY, paper="KE/3")  # type: ignore[union-attr]
    (told,) = beginning.newcomers(who["post"], on=TODAY)
    assert (told.mentor, told.done) == ("ANI", 3)
    assert {step.step.code: step.done_on for step in told.steps if step.done_on} == {
        "code_of_ethics": TODAY, "introduced": TODAY,
    }  # fmt: skip
    assert [step.step.code for step in told.behind(TODAY)] == ["account"]
    for read in ("account", "code_of_ethics", "courses"):
        with pytest.raises(Refused, match="tidak dicatat dengan tangan"):
            beginning.tell_step(new.pk, read, done_on=TODAY, words=MET, **who)
    with put_on(Scope.of_groups((1,), actor=uneven.user("ANI").pk, via="test")):
        assert [each.person_name for each in beginning.mentees(uneven.user("ANI"))] == ["FITRI"]
        assert not Person.objects.filter(pk=new.pk).exists()  # the mentor reads the name, not the record


def test_whoever_has_steps_open_stays_listed_after_the_first_days(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    new = take_on("FITRI", region_no=TAPIN_TENGAH, since=TODAY - timedelta(days=91))
    (told,) = beginning.newcomers(who["post"], on=TODAY)
    assert (told.person, told.overdue(TODAY), told.overdue(TODAY - timedelta(days=2))) == (new, True, False)
    assert "masa awal sudah lewat" in signed_in(who["post"]).get(reverse("staff_newcomers")).content.decode()
    assert len(beginning.newcomers(who["post"], on=TODAY + timedelta(days=2000))) == 1  # as long as they are open
    Person.objects.filter(pk=new.pk).update(since=law.first_days_asked_from(TODAY) - timedelta(days=1))
    assert beginning.newcomers(who["post"], on=TODAY) == []  # came before the steps were kept
    done = [replace(step, done=True) for step in told.steps]
    assert not replace(told, steps=tuple(done)).overdue(TODAY)


def test_another_mentor_takes_the_place_of_the_one_before(uneven: Team, people: dict[str, Person], who: Any) -> None:
    beginning.give_mentor(people["DEDI"].pk, uneven.user("ANI"), since=TODAY, **who)
    beginning.give_mentor(people["DEDI"].pk, uneven.user("BUDI"), since=TODAY, **who)
    assert Mentorship.objects.filter(until__isnull=True).get().mentor == uneven.user("BUDI")
    with pytest.raises(Refused, match="membimbing dirinya sendiri"):
        beginning.give_mentor(people["DEDI"].pk, uneven.user("DEDI"), since=TODAY, **who)


# badges


def test_a_badge_needs_a_contract_and_tells_no_number(people: dict[str, Person], who: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="tidak terikat kontrak"):
        badges.issue(people["ANI"].pk, **who)
    contracts.sign(people["ANI"].pk, pppk(), **who)
    badge = badges.issue(people["ANI"].pk, **who)
    assert badges.issue(people["ANI"].pk, **who) == badge
    assert badge.until == date(2026, 2, 1)  # the contract's end comes before twelve months
    with put_on(Scope.common(via="test")):
        told = badges.checked(badge.code)
        assert badges.checked("0" * 20) is None
    assert told is not None
    assert (told.name, told.title, told.place) == (
        "ANI", "Penata Layanan Operasional", "Kec. Tapin Tengah, Kab. Tapin",
    )  # fmt: skip
    assert told.valid_on(TODAY)
    assert not told.valid_on(badge.until)
    badges.revoke(badge.pk, why="hilang di jalan", **who)
    assert not badges.checked(badge.code).valid_on(TODAY)  # type: ignore[union-attr]
    assert Badge.objects.get() == badge


def test_nobody_reads_badges_without_a_scope_but_by_code(people: dict[str, Person], who: dict[str, Any]) -> None:
    contracts.sign(people["ANI"].pk, pppk(), **who)
    badges.issue(people["ANI"].pk, **who)
    with put_on(Scope.common(via="test")), connections["default"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'workforce_badge', 'SELECT')")
        assert cursor.fetchone() == (False,)


# the roster


def test_vacancies_are_counted_kecamatan_by_kecamatan(uneven: Team, people: dict[str, Person], who: Any) -> None:
    """Four serve where three should, one where three should: two are lacking, not one."""
    for no, places in ((TAPIN_TENGAH, 3), (TAPIN_SELATAN, 3)):
        roster.set_establishment(Region.objects.get(no=no), places, since=SINCE, source="Surat Direktur", **who)
    whole = roster.whole(roster.lines(who["post"], uneven.regency, on=TODAY))
    assert (whole.places, whole.serving, whole.vacant, whole.above) == (6, 5, 2, 1)
    (line,) = roster.lines(who["post"], Region.objects.get(no=6300000000), on=TODAY)
    assert (line.region_no, line.places, line.serving, line.vacant) == (TAPIN, 6, 5, 2)
    later = TODAY + timedelta(days=1)
    roster.set_establishment(Region.objects.get(no=TAPIN_SELATAN), 1, since=later, source="Surat", **who)
    assert roster.whole(roster.lines(who["post"], uneven.regency, on=later)).vacant == 0
    assert Establishment.objects.count() == 3
    with pytest.raises(Refused, match="per kecamatan"):
        roster.set_establishment(uneven.regency, 3, since=SINCE, source="Surat", **who)


def test_staff_of_two_rounds_stand_by_their_cohort(uneven: Team, who: dict[str, Any]) -> None:
    """965 of 2017 and 1,080 of 2018 serve: 2,045."""
    for year, n in ((2017, 965), (2018, 1080)):
        Person.objects.bulk_create(
            Person(name=f"SDM {year} {i}", region_no=TAPIN_TENGAH, since=date(year, 1, 8), cohort=year)
            for i in range(n)
        )
    found = roster.cohorts(who["post"], uneven.regency, on=TODAY)
    assert found == [(2017, 965), (2018, 1080)]
    assert sum(n for _year, n in found) == 2045
    (line,) = [each for each in roster.lines(who["post"], uneven.regency, on=TODAY) if each.region_no == TAPIN_TENGAH]
    assert line.people == {"pkh": 2045}


# accounts


def test_an_account_is_given_once_and_never_wider(people: dict[str, Person], who: dict[str, Any]) -> None:
    new = opening.add_person("FITRI", region=Region.objects.get(no=TAPIN_TENGAH), since=TODAY, **who)
    first = FirstPost("facilitator", [TAPIN_TENGAH], TODAY)
    told = {"password": "tiga-kata-lain", **who}
    with pytest.raises(Refused, match="tidak di bawah jabatan Anda"):
        opening.give_account(new.pk, "fitri", first=FirstPost("data_officer", [TAPIN], TODAY), **told)
    assert not User.objects.filter(username="fitri").exists()
    user = opening.give_account(new.pk, "fitri", first=first, **told)
    new.refresh_from_db()
    assert new.user == user
    with pytest.raises(Refused, match="sudah mempunyai akun"):
        opening.give_account(new.pk, "fitri2", first=first, **told)
    opening.change(new.pk, name="FITRI HANDAYANI", **who)
    user.refresh_from_db()
    assert user.name == "FITRI HANDAYANI"  # one name of one person


def test_an_account_opened_by_hand_has_its_record(people: dict[str, Person], who: dict[str, Any]) -> None:
    """Nobody signs in without a record; whoever has one keeps it."""
    officer = post_of("data_officer", regions=(TAPIN,))
    told = {"password": "tiga-kata-lain", "post": officer, "by": officer.user, "on": TODAY}
    first = FirstPost("facilitator", [TAPIN_TENGAH], TODAY, letter="SK/9")
    with officer_scope(officer):
        user = opening.open_account("gita", name="GITA", nik=NIK, first=first, **told)
    made = Person.objects.get(user=user)
    assert (made.name, made.region_no, made.since, made.kind) == ("GITA", TAPIN_TENGAH, TODAY, "pkh")
    waiting = take_on("HADI", region_no=TAPIN_TENGAH, since=SINCE, nik=NIK_OTHER)
    with officer_scope(officer):
        with pytest.raises(Refused, match="GITA sudah mempunyai akun"):
            opening.open_account("gita2", name="GITA", nik=NIK, first=first, **told)
    with officer_scope(officer):
        with pytest.raises(Refused, match="HADI sudah tercatat di sana tanpa akun"):
            opening.open_account("hadi", name="Hadi", first=first, **told)
    with officer_scope(officer):
        user = opening.open_account("hadi", name="Hadi", nik=NIK_OTHER, first=first, **told)
    waiting.refresh_from_db()
    assert (waiting.user_id, user.name) == (user.pk, "HADI")
    with officer_scope(officer):
        with pytest.raises(Refused, match="tidak di bawah jabatan Anda"):
            opening.open_account("wide", name="X", first=FirstPost("auditor", [], TODAY), **told)
    office = post_of("operator")
    told |= {"post": office, "by": office.user}
    clerk = opening.open_account("dinsos", name="INDRA", first=FirstPost("regency_office", [TAPIN], TODAY), **told)
    assert Person.objects.get(user=clerk).kind == "dinas"
    older = User.objects.create(username="lama", name="LAMA")
    opening.give_post(older, FirstPost("district_lead", [TAPIN_TENGAH], TODAY), post=office, by=office.user)
    assert Person.objects.get(user=older).region_no == TAPIN_TENGAH


def officer_scope(post: Post) -> Any:
    return put_on(post.scope(actor=post.user_id, via="test"))


# no post ends while families would be left with nobody


def test_a_post_that_meets_groups_does_not_end(uneven: Team, people: dict[str, Person], who: dict[str, Any]) -> None:
    post = uneven.posts["ANI"]
    with pytest.raises(Refused, match=r"ANI masih mendampingi 2 kelompok: Melati 1, Melati 2\. Serahkan dahulu"):
        ending.end_post(post, on=TODAY, by=who["by"])
    post.refresh_from_db()
    assert post.until is None
    free = ending.end_post(uneven.posts["DEDI"], on=TODAY, by=who["by"])
    assert free.until == TODAY
    # a group that the reader does not see counts as theirs; one that others took since does not
    Post.objects.filter(pk=post.pk).update(groups=[*post.groups, uneven.groups["Cempaka 1"].pk])
    with put_on(Scope.of_ranges(((TAPIN_TENGAH, TAPIN_TENGAH + 10**4),), actor=who["by"].pk, via="test")):
        assert len(ending.groups_left(post.user, [Post.objects.get(pk=post.pk)], on=TODAY)) == 3
    assert ending.groups_left(post.user, [Post.objects.get(pk=post.pk)], on=TODAY) == ["Melati 1", "Melati 2"]


def test_whoever_leaves_leaves_nothing_of_others_behind(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    dedi = uneven.user("DEDI")
    beginning.give_mentor(people["CICI"].pk, dedi, since=SINCE, **who)
    actions.let_act(
        uneven.posts["BUDI"], substitute=dedi, form=Acting.Form.PLH, since=SINCE, until=date(2026, 1, 1),
        letter="ST/1", by=who["by"],
    )  # fmt: skip
    departures.settle(plan(people["DEDI"], Kind.EXIT, who).pk, **who)
    assert Mentorship.objects.get(mentor=dedi).until == TODAY
    assert Acting.objects.get(substitute=dedi).until == TODAY


# leave that somebody asks for


def test_leave_is_asked_for_granted_and_carried_out(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    ani, begins, back = uneven.posts["ANI"], TODAY + timedelta(days=3), TODAY + timedelta(days=93)
    told = {"leaves_on": begins, "back_on": back, "why": "cuti melahirkan", "by": ani.user, "on": TODAY}
    with officer_scope(ani):
        with pytest.raises(Refused, match="sudah lewat"):
            departures.ask_leave(**told | {"leaves_on": TODAY - timedelta(days=1)})
        asked = departures.ask_leave(**told)
    with officer_scope(ani), pytest.raises(Refused, match="sudah direncanakan cuti"):
        departures.ask_leave(**told)
    with officer_scope(uneven.posts["BUDI"]), pytest.raises(NotYours):
        departures.take_back(asked.pk, by=uneven.user("BUDI"), on=TODAY)
    assert reach.leave_asked(who["post"]).count == 1
    with pytest.raises(Refused, match="belum dijawab"):
        departures.settle(asked.pk, **who)
    with pytest.raises(Refused, match="menggantikan dirinya sendiri"):
        departures.grant(asked.pk, letter="800/9", cover=ani.user, **who)
    with officer_scope(who["post"]):
        departures.grant(asked.pk, letter="800/9/2025", cover=uneven.user("BUDI"), **who)
    with officer_scope(ani), pytest.raises(Refused, match="sudah dijawab"):
        departures.take_back(asked.pk, by=ani.user, on=TODAY)
    departures.settle(asked.pk, **who)
    acting = Acting.objects.get(substitute=uneven.user("BUDI"))
    assert (acting.since, acting.until, acting.letter) == (begins, back, "800/9/2025")
    assert reach.leave_asked(who["post"]).count == 0


def test_a_wish_for_leave_is_taken_back_or_refused_with_its_reason(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    ani = uneven.posts["ANI"]
    told = {
        "leaves_on": TODAY,
        "back_on": TODAY + timedelta(days=9),
        "why": "cuti tahunan",
        "by": ani.user,
        "on": TODAY,
    }
    with officer_scope(ani):
        mine = departures.ask_leave(**told)
        departures.take_back(mine.pk, by=ani.user, on=TODAY)
        again = departures.ask_leave(**told)
    departures.withdraw(again.pk, why="penyaluran pekan itu", **who)
    with officer_scope(ani):
        again.refresh_from_db()
        assert again.withdrawn_why == "penyaluran pekan itu"
        # nobody grants, or withdraws an answered one, for themselves: the database holds it
        assert Departure.objects.filter(pk=again.pk).update(letter="800/1") == 0


# portraits


def test_a_portrait_is_on_the_next_card_and_nowhere_else(
    uneven: Team, people: dict[str, Person], who: dict[str, Any]
) -> None:
    contracts.sign(people["ANI"].pk, pppk(), **who)
    bare = badges.issue(people["ANI"].pk, **who)
    assert badges.face_of(bare.code, on=TODAY) is None
    ani, budi = uneven.posts["ANI"], uneven.posts["BUDI"]
    with officer_scope(ani):
        raw = photograph()
        mine = portraits.add_own(raw, by=ani.user, on=TODAY)
        assert portraits.add_own(raw, by=ani.user, on=TODAY) == mine
        assert portraits.picture_of(mine).startswith(b"\xff\xd8")
    with officer_scope(budi):
        assert not Portrait.objects.exists()
        assert not StoredFile.objects.filter(pk=mine.file_id).exists()
    with officer_scope(who["post"]):
        badge = badges.issue(people["ANI"].pk, **who)
        seen = Portrait.objects.select_related("file").get()
        face = portraits.picture_of(seen)
    assert badge.portrait == mine
    with put_on(Scope.common(via="test"), read_only=True):
        assert badges.face_of(badge.code, on=TODAY) == face
        assert badges.face_of(badge.code, on=badge.until) is None
    with Image.open(io.BytesIO(face)) as picture:
        assert not picture.getexif()  # neither place nor time
        assert max(picture.size) <= portraits.SIDE_MAX
    badges.revoke(badge.pk, why="kartu hilang", **who)
    assert badges.face_of(badge.code, on=TODAY) is None


def photograph() -> bytes:
    """A picture that says where and when it was taken."""
    picture, out = Image.effect_noise((1200, 1600), 80).convert("RGB"), io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = "2025:05:01 08:00:00"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
