"""A case from report to register, and everything that is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from harapan.accounts.models import Acting, Post
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.registry.actions import assign_facilitator
from harapan.registry.models import Group
from harapan.workforce.ethics import deciding, handling, queries, speaking
from harapan.workforce.ethics.deciding import Verdict
from harapan.workforce.ethics.errors import AppealTooLate, Late, NotYourCase, StandsAside, StepPassed, UnknownPerson
from harapan.workforce.models import Departure, EthicsDecision, EthicsDeed, Person, Step
from harapan.workforce.taking_on import take_on
from tests.benefits.world import HIYUNG
from tests.web.signing import person
from tests.workforce.ethics_ground import DAY, HSS, PROVINCE, TAPIN_TENGAH, WHY, Court, make_court


@pytest.fixture
def court(system: Scope) -> Court:
    return make_court()


def test_a_case_goes_all_its_way(court: Court) -> None:
    case = court.walk(Step.DECIDED)
    assert case.due_on == DAY + timedelta(days=10 + 14)
    with court.acting(court.judge):
        with pytest.raises(Refused, match="Masa banding masih berjalan sampai 29 Mei 2025"):
            deciding.finalise(case.pk, by=court.judge.user, on=case.due_on)
        deciding.finalise(case.pk, by=court.judge.user, on=case.due_on + timedelta(days=1))
    deeds = EthicsDeed.objects.filter(case=case).order_by("pk")
    assert [deed.step for deed in deeds] == [
        "received", "verified", "examined", "summoned", "heard", "decided", "final",
    ]  # fmt: skip
    assert not any(deed.late_because for deed in deeds)
    with court.acting(court.katim):
        (row,) = queries.register_of(court.katim, on=DAY + timedelta(days=60))
        assert (row.level, row.until) == ("medium", date(2026, 5, 15))
        assert not queries.register_of(court.katim, on=date(2026, 5, 15))
    with court.acting(court.judge):
        assert queries.register_of(court.judge, on=date(2026, 5, 15)).count() == 1


def test_an_unknown_person_must_be_found_before_the_case_goes_on(court: Court) -> None:
    _receipt, case = court.file(name="Pendamping bernama Anu")
    assert case.person is None
    for post in (court.katim, court.province):  # whoever it is, they lead them
        with court.acting(post), pytest.raises(StandsAside):
            handling.take(case.pk, by=post.user, on=DAY)
    by = court.office.user
    with court.acting(court.office):
        handling.take(case.pk, by=by, on=DAY)
        with pytest.raises(UnknownPerson, match="Pendamping bernama Anu belum dikenali"):
            handling.verify(case.pk, note="", by=by, on=DAY)
        with pytest.raises(UnknownPerson):
            handling.link_person(case.pk, 10**12, by=by, on=DAY)
        handling.link_person(case.pk, court.person.pk, by=by, on=DAY)
        assert handling.verify(case.pk, note="", by=by, on=DAY).step == Step.VERIFIED
    case.refresh_from_db()
    assert (case.accused_id, case.region_no) == (court.ani.user_id, TAPIN_TENGAH)


def test_a_handler_who_is_meant_gives_the_case_up(court: Court) -> None:
    _receipt, case = court.file(name="Seseorang")
    own = take_on("DINSOS", region_no=PROVINCE, since=DAY, user=court.office.user)
    with court.acting(court.office):
        handling.take(case.pk, by=court.office.user, on=DAY)
        with pytest.raises(StandsAside):
            handling.link_person(case.pk, own.pk, by=court.office.user, on=DAY)
    case.refresh_from_db()
    assert case.person is None


def test_a_deadline_that_passed_asks_why(court: Court) -> None:
    _receipt, case = court.file()
    late = case.due_on + timedelta(days=1)
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
        with pytest.raises(Late, match="Batas langkah ini 8 Mei 2025 sudah lewat"):
            handling.verify(case.pk, note="", by=court.katim.user, on=late)
        assert list(queries.late_cases(court.katim, on=late)) == [case]
        handling.verify(case.pk, note="", by=court.katim.user, on=late, late_because="Jalan desa terputus banjir.")
        assert EthicsDeed.objects.get(case=case, step=Step.VERIFIED).late_because == "Jalan desa terputus banjir."


def test_the_direct_lead_does_not_handle_and_nobody_of_the_chain_decides(court: Court) -> None:
    _receipt, case = court.file()
    with court.acting(court.lead), pytest.raises(StandsAside):
        handling.take(case.pk, by=court.lead.user, on=DAY)
    heard = court.walk(Step.HEARD)
    for post in (court.lead, court.katim, court.province):
        with court.acting(post), pytest.raises(StandsAside):
            deciding.decide(heard.pk, court.verdict("light"), post=post, by=post.user, on=heard.step_on)
    assert not EthicsDecision.objects.filter(case=heard).exists()


def test_who_acts_for_a_lead_stands_aside_too(court: Court) -> None:
    Acting.objects.create(
        post=court.lead, substitute=court.katim.user, form=Acting.Form.PLH, since=DAY, until=DAY + timedelta(days=9),
        letter="ST/1",
    )  # fmt: skip
    _receipt, case = court.file()
    with court.acting(court.katim), pytest.raises(StandsAside):
        handling.take(case.pk, by=court.katim.user, on=DAY)


def test_the_level_decides_who_may_decide_and_only_with_the_file_in_hand(court: Court) -> None:
    case = court.walk(Step.HEARD)
    given = {"post": court.office, "by": court.office.user, "on": case.step_on}
    with court.acting(court.office), pytest.raises(Refused, match="Ambil lebih dahulu"):
        deciding.decide(case.pk, court.verdict("light"), **given)
    with court.acting(court.katim):
        handling.give_back(case.pk, why="Diteruskan untuk diputus.", by=court.katim.user)
    with court.acting(court.office):
        handling.take(case.pk, by=court.office.user, on=case.step_on)
        with pytest.raises(Refused, match="Sanksi Sedang tidak diputus peran Anda"):
            deciding.decide(case.pk, court.verdict("medium"), **given)
        made = deciding.decide(case.pk, court.verdict("light"), **given)
    assert made.until == date(2025, 11, 11)


def test_two_who_decide_at_once_are_told_of_each_other(court: Court) -> None:
    case = court.walk(Step.DECIDED)
    with court.acting(court.second), pytest.raises(StepPassed, match="Diputus sejak 15 Mei 2025"):
        deciding.decide(case.pk, court.verdict("light"), post=court.second, by=court.second.user, on=case.step_on)
    assert EthicsDecision.objects.filter(case=case).count() == 1


def test_two_who_take_a_case_at_once_are_told_of_each_other(court: Court) -> None:
    _receipt, case = court.file()
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
        assert handling.take(case.pk, by=court.katim.user, on=DAY).handler_id == court.katim.user_id
    with court.acting(court.judge):
        with pytest.raises(Refused, match="sudah ditangani KATIM TAPIN"):
            handling.take(case.pk, by=court.judge.user, on=DAY)
        with pytest.raises(Refused, match="tidak Anda tangani"):
            handling.verify(case.pk, note="", by=court.judge.user, on=DAY)
    with court.acting(court.katim):
        handling.give_back(case.pk, why="Teman sekolah.", by=court.katim.user)
    with court.acting(court.judge):
        handling.take(case.pk, by=court.judge.user, on=DAY)


def test_the_accused_answers_appeals_in_time_and_another_decides(court: Court) -> None:
    case = court.walk(Step.SUMMONED)
    with court.acting(court.ani):
        speaking.answer_charge(case.pk, "Kartu itu dititipkan keluarganya sendiri.", by=court.ani.user, on=DAY)
        with pytest.raises(StepPassed):
            speaking.appeal(case.pk, "Saya keberatan atas putusan itu.", by=court.ani.user, on=DAY)
    case = court.walk(Step.DECIDED)
    with court.acting(court.ani):
        with pytest.raises(AppealTooLate, match="berakhir 29 Mei 2025"):
            speaking.appeal(
                case.pk, "Saya keberatan atas putusan itu.", by=court.ani.user, on=case.due_on + timedelta(days=1)
            )
        speaking.appeal(case.pk, "Saya keberatan atas putusan itu.", by=court.ani.user, on=case.due_on)
        with pytest.raises(StepPassed):
            speaking.appeal(case.pk, "Saya keberatan atas putusan itu.", by=court.ani.user, on=case.due_on)
    on = case.due_on + timedelta(days=1)
    with court.acting(court.judge), pytest.raises(Refused, match="Banding diputus orang lain"):
        deciding.decide_appeal(case.pk, court.verdict(""), post=court.judge, by=court.judge.user, on=on)
    with court.acting(court.second):
        made = deciding.decide_appeal(case.pk, court.verdict(""), post=court.second, by=court.second.user, on=on)
    case.refresh_from_db()
    assert (case.step, made.level) == (Step.FINAL, "")
    with court.acting(court.judge):
        assert not queries.register_of(court.judge, on=on)


def test_nobody_else_speaks_for_the_accused(court: Court) -> None:
    case = court.walk(Step.SUMMONED)
    with court.acting(court.lead), pytest.raises(NotYourCase):
        speaking.answer_charge(case.pk, "Ia tidak bersalah menurut saya.", by=court.lead.user, on=DAY)


def test_a_dismissal_is_carried_out_by_whom_it_names_once_it_is_final(court: Court) -> None:
    heard = court.walk(Step.HEARD)
    nameless = Verdict("KE/1/2025", WHY, "heavy", ["dismissal"])
    with court.acting(court.judge):
        with pytest.raises(Refused, match="menuntut nama pelaksananya"):
            deciding.decide(heard.pk, nameless, post=court.judge, by=court.judge.user, on=heard.step_on)
        unfit = Verdict("KE/1/2025", WHY, "heavy", ["dismissal"], court.lead.user)
        with pytest.raises(Refused, match="KETUA TENGAH tidak dapat melaksanakan"):
            deciding.decide(heard.pk, unfit, post=court.judge, by=court.judge.user, on=heard.step_on)
        made = deciding.decide(
            heard.pk, court.verdict("heavy"), post=court.judge, by=court.judge.user, on=heard.step_on
        )
    with court.acting(court.operator):
        with pytest.raises(Refused, match="belum berkekuatan tetap"):
            deciding.execute(made.pk, by=court.operator.user, on=heard.step_on)
    heard.refresh_from_db()
    final = heard.due_on + timedelta(days=1)
    with court.acting(court.judge):
        deciding.finalise(heard.pk, by=court.judge.user, on=final)
        with pytest.raises(Refused, match="dilaksanakan OPERATOR, bukan Anda"):
            deciding.execute(made.pk, by=court.judge.user, on=final)
    group = Group.objects.create(name="Melati 1", region_id=HIYUNG, facilitator=court.ani.user)
    Post.objects.filter(pk=court.ani.pk).update(groups=[group.pk])
    with court.acting(court.operator), pytest.raises(Refused, match="ANI masih mendampingi 1 kelompok: Melati 1"):
        deciding.execute(made.pk, by=court.operator.user, on=final)
    assert Post.objects.get(pk=court.ani.pk).until is None
    assign_facilitator([group.pk], person("facilitator", regions=(TAPIN_TENGAH,)).user, by=court.katim.user, on=final)
    with court.acting(court.operator):
        assert list(queries.to_execute(court.operator.user)) == [made]
        deciding.execute(made.pk, by=court.operator.user, on=final)
        assert deciding.execute(made.pk, by=court.operator.user, on=final).executed_on == final
        assert not queries.to_execute(court.operator.user)
    assert Post.objects.get(pk=court.ani.pk).until == final
    gone = Person.objects.select_related("user").get(pk=court.person.pk)
    assert (gone.until, gone.user.is_active) == (final, False)  # type: ignore[union-attr]
    assert Departure.objects.get(person=gone).letter == "KE/1/2025"
    assert Post.objects.get(pk=court.lead.pk).until is None


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict("", WHY), "Nomor putusan masih kosong"),
        (Verdict("KE/1", "pendek"), "Tulis pertimbangan"),
        (Verdict("KE/1", WHY, "", ["warning"]), "Tidak terbukti berarti tanpa tindakan"),
        (Verdict("KE/1", WHY, "grave"), "“grave” tidak dikenal"),
        (Verdict("KE/1", WHY, "light", ["dismissal"]), "Pilih tindakan yang termasuk sanksi Ringan"),
        (Verdict("KE/1", WHY, "light"), "Pilih tindakan yang termasuk sanksi Ringan"),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(court: Court, verdict: Verdict, said: str) -> None:
    case = court.walk(Step.HEARD)
    with court.acting(court.judge), pytest.raises(Refused, match=said):
        deciding.decide(case.pk, verdict, post=court.judge, by=court.judge.user, on=case.step_on)


def test_hearings_leave_time_and_come_before_their_record(court: Court) -> None:
    case = court.walk(Step.EXAMINED)
    with court.acting(court.katim):
        with pytest.raises(Refused, match="terlalu dekat"):
            handling.summon(case.pk, hearing_on=DAY, place="Aula", by=court.katim.user, on=case.step_on)
        day = case.step_on + timedelta(days=5)
        handling.summon(case.pk, hearing_on=day, place="Aula", by=court.katim.user, on=case.step_on)
        with pytest.raises(Refused, match="Catat jalannya sesudah hari itu"):
            handling.hear(case.pk, heard="Ia datang dan bicara.", by=court.katim.user, on=day - timedelta(days=1))


def test_a_case_elsewhere_is_not_there(court: Court) -> None:
    _receipt, case = court.file()
    elsewhere = Scope.of_ranges(((HSS, HSS + 10**6),), actor=court.katim.user_id, via="test")
    with put_on(elsewhere), pytest.raises(NotYourCase):
        handling.take(case.pk, by=court.katim.user, on=DAY)
