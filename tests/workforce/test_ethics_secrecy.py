"""Who reported: one keeper, each look in the log, and nothing of it anywhere else. The database holds it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connections

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import SYSTEM, Scope, active_alias, atomic, put_on
from harapan.workforce.ethics import following, handling, keeping
from harapan.workforce.ethics.errors import NothingFiled, NotYourCase
from harapan.workforce.ethics.reporting import Record, Told, file_report, forward
from harapan.workforce.models import (
    NATION,
    EthicsCase,
    EthicsDeed,
    EthicsEvidence,
    EthicsMessage,
    EthicsReport,
    EthicsReporter,
    Step,
)
from tests.workforce.ethics_ground import DAY, STORY, TAPIN, Court, make_court

NAME, CONTACT = "Siti Rusdiana", "0812 5555 1234"
IN_CONFIDENCE = (EthicsReport, EthicsMessage, EthicsEvidence, EthicsDeed)


@pytest.fixture
def court(system: Scope) -> Court:
    return make_court()


def report_of(case: EthicsCase) -> EthicsReport:
    return EthicsReport.objects.select_related("keeper").get(case=case)


def keeper_of(court: Court, report: EthicsReport) -> object:
    return next(post for post in (court.judge, court.second) if post.user_id == report.keeper_id)


def test_the_keeper_alone_opens_the_reporter_and_each_look_stands_in_the_log(court: Court) -> None:
    _receipt, case = court.file(reporter_name=NAME, reporter_contact=CONTACT)
    report = report_of(case)
    keeper = keeper_of(court, report)
    other = court.second if keeper is court.judge else court.judge
    for post in (other, court.katim, court.lead, court.province, court.ani, court.operator):
        with court.acting(post), pytest.raises(Refused, match="hanya dapat dibuka penyimpannya"):
            keeping.look_at_reporter(report.pk, why="ingin tahu", by=post.user)
    assert not Entry.objects.filter(verb="ethics_reporter.looked").exists()
    with court.acting(keeper):  # type: ignore[arg-type]
        with pytest.raises(Refused, match="Tulis mengapa"):
            keeping.look_at_reporter(report.pk, why=" ", by=keeper.user)  # type: ignore[attr-defined]
        found = keeping.look_at_reporter(report.pk, why="perlu keterangan saksi", by=keeper.user)  # type: ignore[attr-defined]
    assert (found.name, found.contact) == (NAME, CONTACT)
    entry = Entry.objects.get(verb="ethics_reporter.looked")
    assert (entry.actor, entry.subject, entry.why) == (report.keeper_id, case.pk, "perlu keterangan saksi")


def test_no_scope_reads_the_table_of_reporters(court: Court) -> None:
    court.file(reporter_name=NAME)
    for scope in (
        Scope.nation(actor=court.judge.user_id, via="test"),
        Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=court.katim.user_id, via="test"),
        Scope.of_groups((1,), actor=court.ani.user_id, via="test"),
        Scope.common(actor=SYSTEM, via="test"),
    ):
        with put_on(scope), pytest.raises(ProgrammingError, match="permission denied"), atomic():
            EthicsReporter.objects.count()


def test_who_acts_on_behalf_of_the_keeper_does_not_open_it(court: Court) -> None:
    _receipt, case = court.file(reporter_name=NAME)
    report = report_of(case)
    for scope in (
        Scope.nation(actor=court.operator.user_id, on_behalf=report.keeper_id, via="test"),
        Scope.nation(actor=report.keeper_id, on_behalf=court.operator.user_id, via="test"),
    ):
        with put_on(scope), pytest.raises(Refused):
            keeping.look_at_reporter(report.pk, why="alasan jelas", by=court.operator.user)


def test_a_forged_actor_opens_nothing(court: Court) -> None:
    _receipt, case = court.file(reporter_name=NAME)
    report = report_of(case)
    with court.acting(court.operator), connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', %s, true)", [str(report.keeper_id)])
        cursor.execute("SELECT * FROM harapan.ethics_reporter(%s, 'alasan')", [report.pk])
        assert cursor.fetchall() == []


def test_neither_the_log_nor_a_row_tells_who_reported(court: Court) -> None:
    receipt, case = court.file(reporter_name=NAME, reporter_contact=CONTACT)
    entries = list(Entry.objects.filter(subject_kind__startswith="ethics"))
    assert {entry.actor for entry in entries} == {SYSTEM}
    for entry in entries:
        for secret in (NAME, CONTACT, STORY, receipt.number, receipt.word, "ANI"):
            assert secret not in (entry.body or "")
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT c::text || r::text || p::text FROM workforce_ethicscase c JOIN workforce_ethicsreport r"
            " ON r.case_id = c.id JOIN workforce_ethicsreporter p ON p.report_id = r.id WHERE c.id = %s",
            [case.pk],
        )
        (row,) = cursor.fetchone()
    assert NAME not in row
    assert CONTACT not in row
    assert receipt.word not in row


def test_a_report_is_never_filed_under_somebodys_scope(court: Court) -> None:
    told = Told("holding_cards", "ANI", STORY, TAPIN)
    with court.acting(court.katim), pytest.raises(RuntimeError, match="filed as nobody"):
        file_report(told, on=DAY)


def test_the_accused_sees_the_case_once_called_and_never_what_was_told(court: Court) -> None:
    _receipt, case = court.file()
    assert case.accused_id == court.ani.user_id  # the name fits one person of the kabupaten: out of sight at once
    with court.acting(court.ani):
        assert not EthicsCase.objects.exists()
    called = court.walk(Step.SUMMONED)
    with court.acting(court.ani):
        assert list(EthicsCase.objects.all()) == [called]
        assert EthicsCase.objects.update(charge="Bukan saya") == 0
        for model in IN_CONFIDENCE:
            with pytest.raises(ProgrammingError, match="permission denied"), atomic():
                model.objects.count()


def test_a_lead_who_is_accused_sees_nothing_from_their_own_place(court: Court) -> None:
    _receipt, case = court.file(name="KATIM TAPIN")
    assert case.accused_id == court.katim.user_id
    own = court.katim.scope(actor=court.katim.user_id, via="test")
    substitute = court.katim.scope(actor=court.operator.user_id, via="test")
    for scope in (own, substitute):
        with put_on(scope):
            assert not EthicsCase.objects.exists()
            with pytest.raises(NotYourCase):
                handling.take(case.pk, by=court.katim.user, on=DAY)
    EthicsCase.objects.filter(pk=case.pk).update(told_on=DAY)
    with put_on(own):
        assert EthicsCase.objects.count() == 1
        assert EthicsCase.objects.update(charge="Bukan saya") == 0
        assert not EthicsReport.objects.exists()


def test_an_accused_of_the_nation_reads_nothing_of_it_either(court: Court) -> None:
    _receipt, case = court.file(name="OPERATOR", region_no=NATION)
    EthicsCase.objects.filter(pk=case.pk).update(accused=court.operator.user, told_on=DAY)
    with court.acting(court.operator):
        for model in IN_CONFIDENCE:
            assert not model.objects.exists()
    with court.acting(court.judge):
        assert EthicsReport.objects.get(case=case).told == STORY


def test_leads_of_the_place_see_the_case_but_not_what_was_told(court: Court) -> None:
    _receipt, case = court.file(reporter_name=NAME)
    for post in (court.lead, court.katim, court.province):
        with court.acting(post):
            assert list(EthicsCase.objects.all()) == [case]
            for model in IN_CONFIDENCE:
                assert not model.objects.exists()
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
        assert EthicsReport.objects.get().told == STORY


def test_what_was_told_of_somebody_unknown_is_read_by_the_handler_and_the_commission(court: Court) -> None:
    """Whom it means stands in what was told, and without that nobody could say."""
    _receipt, case = court.file(name="Pendamping bernama Anu")

    def reports(post: Post) -> int:
        with court.acting(post):
            return EthicsReport.objects.filter(case=case).count()

    assert [reports(each) for each in (court.judge, court.office, court.katim)] == [1, 0, 0]
    with court.acting(court.office):
        handling.take(case.pk, by=court.office.user, on=DAY)
    assert [reports(each) for each in (court.office, court.katim)] == [1, 0]
    with court.acting(court.office):
        handling.close(case.pk, why="Tidak ada petugas bernama Anu di sini.", by=court.office.user, on=DAY)
        assert EthicsDeed.objects.filter(case=case).count() == 2


def test_nobody_keeps_who_reported_them(court: Court) -> None:
    _receipt, case = court.file(name="Seorang anggota komisi", region_no=NATION, reporter_name=NAME)
    report = report_of(case)
    keeper = keeper_of(court, report)
    other = court.second if keeper is court.judge else court.judge
    from harapan.workforce.taking_on import take_on

    about = take_on("HAKIM", region_no=NATION, since=date(2024, 1, 1), user=keeper.user)  # type: ignore[attr-defined]
    with court.acting(other):
        handling.take(case.pk, by=other.user, on=DAY)
        handling.link_person(case.pk, about.pk, by=other.user, on=DAY)
    assert report_of(case).keeper_id == other.user_id
    with court.acting(keeper):  # type: ignore[arg-type]
        assert not EthicsCase.objects.exists()
        with pytest.raises(Refused):
            keeping.look_at_reporter(report.pk, why="alasan jelas", by=keeper.user)  # type: ignore[attr-defined]


def test_a_keeper_hands_over_and_nobody_takes_it(court: Court) -> None:
    _receipt, case = court.file(reporter_name=NAME)
    report = report_of(case)
    keeper = keeper_of(court, report)
    other = court.second if keeper is court.judge else court.judge
    with court.acting(other), pytest.raises(Refused, match="Hanya ia yang dapat menyerahkannya"):
        keeping.name_keeper(report.pk, to=other.user, by=other.user, on=DAY)
    with court.acting(keeper):  # type: ignore[arg-type]
        with pytest.raises(Refused, match="KATIM TAPIN tidak dapat menyimpan"):
            keeping.name_keeper(report.pk, to=court.katim.user, by=keeper.user, on=DAY)  # type: ignore[attr-defined]
        keeping.name_keeper(report.pk, to=other.user, by=keeper.user, on=DAY)  # type: ignore[attr-defined]
    with court.acting(other):
        assert keeping.look_at_reporter(report.pk, why="alasan jelas", by=other.user).name == NAME


def test_the_reporter_follows_with_number_and_word_and_both_sides_write(court: Court) -> None:
    receipt, case = court.file()
    assert following.follow(receipt.number.lower(), receipt.word.replace("-", " ")).step == Step.RECEIVED
    with pytest.raises(NothingFiled):
        following.follow(receipt.number, "bado-kimu" if receipt.word != "bado-kimu" else "nimo-kilu")
    with pytest.raises(NothingFiled):
        following.follow("LE-AAAA-AAAA", receipt.word)
    following.add(receipt.number, receipt.word, "Kartunya kini di rumah ketua kelompok.", on=DAY)
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
        report = EthicsReport.objects.get()
        following.reply(report.pk, "Siapa lagi yang melihatnya?", by=court.katim.user, on=DAY)
    with court.acting(court.judge), pytest.raises(NotYourCase):
        following.reply(report.pk, "Saya bukan penangannya.", by=court.judge.user, on=DAY)
    found = following.follow(receipt.number, receipt.word)
    assert [(each.from_reporter, each.text) for each in found.messages] == [
        (True, "Kartunya kini di rumah ketua kelompok."), (False, "Siapa lagi yang melihatnya?"),
    ]  # fmt: skip
    assert found.proven is None
    with court.acting(court.katim):
        handling.close(case.pk, why="Sudah diselesaikan oleh kepala desa setempat.", by=court.katim.user, on=DAY)
    with pytest.raises(Refused, match="Perkara ini sudah selesai"):
        following.add(receipt.number, receipt.word, "Masih ada lagi.", on=DAY)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"offence": "nothing"}, "“nothing” tidak ada dalam daftar"),
        ({"name": " "}, "Nama petugas masih kosong"),
        ({"told": "jahat"}, "Ceritakan apa yang terjadi"),
        ({"happened_on": date(2025, 6, 1)}, "belum tiba"),
        ({"region_no": 6399000000}, "Wilayah yang dipilih tidak dikenal"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(court: Court, told: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        court.file(**told)
    assert not EthicsCase.objects.exists()


def test_a_record_opens_one_case_and_never_about_oneself_or_nobody(court: Court) -> None:
    record = Record(EthicsEvidence.Kind.FINDING, 7, "Catatan dibuat-buat menurut kunjungan cek.")
    given = {"offence": "false_data", "by": court.katim.user, "on": DAY}
    with court.acting(court.katim):
        with pytest.raises(Refused, match="belum menyebut siapa petugasnya"):
            forward(record, accused=None, **given)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="tentang Anda sendiri"):
            forward(record, accused=court.katim.user, **given)  # type: ignore[arg-type]
        case = forward(record, accused=court.ani.user, **given)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="sudah diteruskan"):
            forward(record, accused=court.ani.user, **given)  # type: ignore[arg-type]
    found = EthicsCase.objects.get()
    assert (found.pk, found.person_id) == (case, court.person.pk)
    assert EthicsEvidence.objects.get().subject == 7
