"""A round from plan to the people it takes on: frozen rules, doubles, scores, replay, objections, offers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from harapan.core.errors import Forbidden, Refused
from harapan.database.fields import draw_ids
from harapan.database.scope import Scope, active_alias, put_on
from harapan.demo.writing import write
from harapan.workforce.models import (
    Application,
    Contract,
    Formation,
    InterviewMark,
    Objection,
    Person,
    PlaceOffer,
    RankedApplication,
    StageInvitation,
    StageScore,
    StageSession,
)
from harapan.workforce.recruitment import (
    applying,
    checking,
    freezing,
    inviting,
    looking_up,
    marking,
    objecting,
    offering,
    rounds,
    scoring,
)
from harapan.workforce.recruitment.notices import notices_of, to_send
from harapan.workforce.recruitment.queries import cohorts, own_result, published
from harapan.workforce.recruitment.replay import replay
from harapan.workforce.recruitment.rules import MISFITS
from harapan.workforce.recruitment.scoring import ScoreTooHigh
from harapan.workforce.staff import contracts, opening
from harapan.workforce.staff.contracts import Terms
from harapan.workforce.staff.opening import FirstPost
from harapan.workforce.taking_on import take_on
from tests.web.signing import person
from tests.workforce.recruiting import (
    AFTER,
    BEGINS,
    CLOSES,
    OPENS,
    SELATAN,
    TENGAH,
    Running,
    in_place,
    make_running,
)

PUBLISHED_ON = date(2025, 4, 1)
SETTLED_ON = PUBLISHED_ON + timedelta(days=4)
AGAIN_SETTLED_ON = SETTLED_ON + timedelta(days=4)  # a result published again on SETTLED_ON has had its days
ANSWERED_ON = SETTLED_ON + timedelta(days=1)


@pytest.fixture
def running(system: Scope) -> Running:
    return make_running()


def ranked(running: Running, *totals: float, formation: Formation | None = None) -> list[Application]:
    """Applicants with these totals, closed, checked and ranked; not published."""
    people = [running.apply(formation) for _ in totals]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score_all(dict(zip(people, totals, strict=True)))
    freezing.make_ranking(running.round.pk, **running.who)
    return people


def settled(running: Running, *totals: float) -> list[Application]:
    people = ranked(running, *totals)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    return people


def outcomes(*people: Application) -> list[int]:
    rows = dict(RankedApplication.objects.order_by("ranking__version").values_list("application", "outcome"))
    return [rows[each.pk] for each in people]


# rules and places freeze


def test_nothing_of_the_rules_changes_once_the_round_is_open(running: Running) -> None:
    told = rounds.rules_of(running.round)
    with pytest.raises(Refused, match="sedang menerima lamaran"):
        rounds.set_stages(running.round.pk, told.stages, interview_per_place=1, **running.who)
    with pytest.raises(Refused, match="sedang menerima lamaran"):
        rounds.set_formations(running.round.pk, {(TENGAH, "facilitator"): 9}, post=running.post)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE workforce_recruitmentround SET rules = '{}'",
        "UPDATE workforce_recruitmentround SET closes_on = closes_on + 9",
        "UPDATE workforce_formation SET quota = 9",
        "DELETE FROM workforce_formation",
    ],
)
def test_the_database_refuses_it_too(running: Running, change: str) -> None:
    with pytest.raises(IntegrityError, match="frozen since it opened"), transaction.atomic(using=active_alias()):
        connections[active_alias()].cursor().execute(change)


def test_a_round_is_run_by_whoever_reaches_all_of_it(running: Running) -> None:
    tapin = person("regency_coordinator", regions=(6305000000,))
    with pytest.raises(Forbidden, match="wilayah lain"):
        rounds.close_applications(running.round.pk, by=tapin.user, post=tapin, on=AFTER)


def test_it_does_not_close_before_its_last_day_is_over(running: Running) -> None:
    with pytest.raises(Refused, match="14 Maret 2025"):
        rounds.close_applications(running.round.pk, **running.who, on=CLOSES)


# applying


def test_a_draft_is_kept_as_one_goes_and_sent_when_whole(running: Running) -> None:
    draft = applying.begin(running.tengah, name="RAHMI", nik="6305030101950001", on=OPENS)
    applying.fill_in(draft.pk, on=OPENS, address="Jl. Hiyung 1")
    with pytest.raises(Refused, match="Belum lengkap: tanggal lahir, pendidikan terakhir"):
        applying.submit(draft.pk, on=OPENS)
    assert running.again(draft).address == "Jl. Hiyung 1"
    assert running.again(draft).state == "draft"


def test_sent_twice_is_sent_once_and_no_longer_changed(running: Running) -> None:
    sent = running.apply()
    assert applying.submit(sent.pk, on=OPENS).submitted_at == running.again(sent).submitted_at
    with pytest.raises(Refused, match="sudah dikirim"):
        applying.fill_in(sent.pk, on=OPENS, address="Jl. Lain")


def test_outside_its_days_a_round_takes_nothing(running: Running) -> None:
    with pytest.raises(Refused, match="tidak sedang menerima"):
        applying.begin(running.tengah, name="TERLAMBAT", nik="6305030101950001", on=AFTER)


def test_who_applied_is_seen_from_the_kecamatan_applied_for_alone(running: Running) -> None:
    mine = running.apply(running.selatan)
    with in_place(TENGAH):
        assert not Application.objects.exists()
    with in_place(SELATAN):
        assert [each.pk for each in Application.objects.all()] == [mine.pk]
    with put_on(Scope.of_groups((1,), actor=7, via="test")):
        assert not Application.objects.exists()


def test_numbers_stand_sealed(running: Running) -> None:
    mine = running.again(running.apply(nik="6305030101959999"))
    assert str(mine.nik) == "6305 •••• •••• ••••"
    assert mine.nik.open() == "6305030101959999"


# looking up


def test_number_and_nik_together_open_an_application(running: Running) -> None:
    mine = running.apply(nik="6305030101950007")
    other = running.apply(nik="6305030101950008")
    near = {"address": "203.0.113.5"}
    assert looking_up.found(mine.number, "6305030101950007", **near) == (mine.pk, TENGAH)
    assert looking_up.found(f"{mine.number[:5]}-{mine.number[5:].lower()}", "6305030101950007", **near) is not None
    assert looking_up.found(mine.number, "6305030101950008", **near) is None
    assert looking_up.found(other.number, "6305030101950007", **near) is None


def test_guessing_makes_its_address_wait_and_nobody_elses(running: Running) -> None:
    mine = running.apply(nik="6305030101950007")
    for number in range(3):
        assert looking_up.found(f"AAAAAAAAA{number + 2}", "6305030101950007", address="203.0.113.9") is None
    with pytest.raises(Refused, match="Tunggu"):
        looking_up.found(mine.number, "6305030101950007", address="203.0.113.9")
    assert looking_up.found(mine.number, "6305030101950007", address="203.0.113.10") == (mine.pk, TENGAH)


# doubles


def test_one_person_counts_once_however_often_they_apply(running: Running) -> None:
    first = running.apply(nik="6305030101950007", email="satu@contoh.id")
    second = running.apply(nik="6305030101950007", email="dua@contoh.id")
    elsewhere = running.apply(running.selatan, nik="6305030101950007")
    other = running.apply()
    running.close()
    counted = Application.objects.counted().values_list("pk", flat=True)
    assert set(counted) == {elsewhere.pk, other.pk}  # the latest sent
    assert {running.again(each).set_aside_on for each in (first, second)} == {OPENS}


def test_when_the_latest_is_withdrawn_the_one_before_counts_again(running: Running) -> None:
    first = running.apply(nik="6305030101950007")
    second = running.apply(running.selatan, nik="6305030101950007")
    assert running.again(first).set_aside_on == OPENS
    applying.withdraw(second.pk, on=OPENS)
    assert running.again(first).set_aside_on is None
    assert list(Application.objects.counted().values_list("pk", flat=True)) == [first.pk]


def test_a_participant_number_is_drawn_when_it_is_sent_and_tells_nothing(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter((5, 5, 6))  # the second draw meets one that is taken
    monkeypatch.setattr(applying.secrets, "randbelow", lambda most: next(drawn))
    one, two = running.apply(), running.apply(running.selatan)
    assert (running.again(one).participant_no, running.again(two).participant_no) == (1_000_005, 1_000_006)


def test_closing_writes_one_row_whatever_the_number(running: Running, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        running.apply()
    before = dict(Application.objects.values_list("pk", "participant_no"))
    with django_assert_max_num_queries(8, connection=connections[active_alias()]):
        running.close()
    assert dict(Application.objects.values_list("pk", "participant_no")) == before


def test_another_of_the_doubles_may_be_let_count_instead(running: Running) -> None:
    first, second = (running.apply(nik="6305030101950007") for _ in range(2))
    running.close()
    rounds.swap_double(first.pk, **running.who)
    assert running.again(first).set_aside_on is None
    assert running.again(second).set_aside_on == OPENS
    with pytest.raises(IntegrityError, match="application_counts_once_a_nik"), transaction.atomic(using=active_alias()):
        Application.objects.filter(pk=second.pk).update(set_aside_on=None)


# administration


def test_what_the_records_decide_is_decided_with_its_reason(running: Running) -> None:
    fits, young = running.apply(), running.apply(education="senior")
    running.close()
    assert checking.check_all(running.round.pk, **running.who) == {"passed": 1, "failed": 1}
    scores = dict(StageScore.objects.values_list("application", "score"))
    assert scores == {fits.pk: 10_000, young.pk: 0}
    assert StageScore.objects.get(application=young).reason == MISFITS["education"]


def test_what_a_person_decided_stands_over_it(running: Running) -> None:
    one = running.apply()
    running.close()
    with pytest.raises(Refused, match="Tulis alasan"):
        checking.decide(one.pk, passes=False, reason="", **running.who)
    checking.decide(one.pk, passes=False, reason="Ijazah tidak terbaca sama sekali", **running.who)
    assert checking.check_all(running.round.pk, **running.who) == {"passed": 0, "failed": 0}
    assert StageScore.objects.get(application=one).score == 0


# interviews


def test_two_marks_far_apart_ask_for_a_third(running: Running) -> None:
    one = running.apply()
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score("psychological", {one: 70})
    running.score("competence", {one: 70})
    running.call()
    first, second, third = (person("regency_coordinator", regions=(6305000000,)) for _ in range(3))
    marking.mark(one.pk, 6000, by=first.user, post=first)
    running.again(one)
    (seen,) = marking.marked_of([one], by=second.user)
    assert (seen.marks, seen.mine, seen.spread, seen.settled) == (1, None, None, None)
    marking.mark(one.pk, 9000, by=second.user, post=second)
    (seen,) = marking.marked_of([one], by=second.user)
    assert (seen.spread, seen.wants_more) == (3000, True)
    (blind,) = marking.marked_of([one], by=third.user)
    assert blind.spread is None
    assert not StageScore.objects.filter(stage="interview").exists()
    marking.mark(one.pk, 8800, by=third.user, post=third)
    assert StageScore.objects.get(stage="interview").score == 8800
    fourth = person("regency_coordinator", regions=(6305000000,))
    with pytest.raises(Refused, match="cukup pewawancara"):
        marking.mark(one.pk, 8800, by=fourth.user, post=fourth)


def test_a_mark_stands_once_another_has_marked_and_nobody_is_marked_beyond_need(running: Running) -> None:
    """Whoever knows the spread could move towards the other, and an uninvited third could move what two agree on."""
    (one,) = before_interviews(running, 70)
    running.call()
    first, second, third = (person("regency_coordinator", regions=(6305000000,)) for _ in range(3))
    marking.mark(one.pk, 6000, by=first.user, post=first)
    marking.mark(one.pk, 7000, by=first.user, post=first)  # nobody else has marked
    marking.mark(one.pk, 8000, by=second.user, post=second)
    with pytest.raises(Refused, match="tetap, karena pewawancara lain sudah menilai"):
        marking.mark(one.pk, 7900, by=first.user, post=first)
    marking.mark(one.pk, 7000, note="tenang", by=first.user, post=first)
    with pytest.raises(Refused, match="cukup pewawancara"):
        marking.mark(one.pk, 9000, by=third.user, post=third)
    assert StageScore.objects.get(stage="interview").score == 7500
    running.again(one)
    seen = [marking.marked_of([one], by=each.user)[0] for each in (first, third)]
    assert [(each.settled, each.closed) for each in seen] == [(7500, True), (None, True)]
    scoring.correct(one.pk, "interview", 7700, reason="Salah hitung di berita acara", **running.who)
    with pytest.raises(Refused, match="sudah dibawa masuk dari daftar atau dikoreksi"):
        marking.mark(one.pk, 7000, by=first.user, post=first)


def test_marks_above_the_highest_and_of_who_fell_out_are_refused(running: Running) -> None:
    fits, out = running.apply(), running.apply(education="senior")
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score("psychological", {fits: 70})
    running.score("competence", {fits: 70})
    running.call()
    marker = person("regency_coordinator", regions=(6305000000,))
    with pytest.raises(ScoreTooHigh, match="Nilai 100,01 di luar 0 sampai 100"):
        marking.mark(fits.pk, 10_001, by=marker.user, post=marker)
    with pytest.raises(Refused, match="tidak sampai ke tahap wawancara"):
        marking.mark(out.pk, 7000, by=marker.user, post=marker)
    assert not InterviewMark.objects.exists()


# the shortlist


def called(running: Running) -> dict[int, int]:
    rows = RankedApplication.objects.filter(ranking=running.round.rankings.shortlists().newest())
    return dict(rows.values_list("application", "outcome"))


def before_interviews(running: Running, *totals: float) -> list[Application]:
    people = [running.apply() for _ in totals]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    for stage in ("psychological", "competence"):
        running.score(stage, dict(zip(people, totals, strict=True)))
    return people


def test_only_the_best_for_each_place_are_interviewed(running: Running) -> None:
    """One place, three for each place: the fourth passed everything and is not called, the fifth failed."""
    people = before_interviews(running, 90, 85, 80, 75, 40)
    running.call()
    assert called(running) == dict(zip([each.pk for each in people], (1, 1, 1, 3, 4), strict=True))
    rules = rounds.rules_of(running.round)
    interviewed = scoring.still_in(running.round.pk, "interview", rules)
    assert set(interviewed.values_list("pk", flat=True)) == {each.pk for each in people[:3]}
    assert replay(running.round.rankings.get()).same


def test_nobody_is_interviewed_before_the_shortlist_is_announced(running: Running) -> None:
    (one,) = before_interviews(running, 90)
    freezing.make_shortlist(running.round.pk, **running.who)
    marker = person("regency_coordinator", regions=(6305000000,))
    with pytest.raises(Refused, match="tidak sampai ke tahap wawancara"):
        marking.mark(one.pk, 7000, by=marker.user, post=marker)
    rounds.announce_shortlist(running.round.pk, **running.who, on=AFTER)
    marking.mark(one.pk, 7000, by=marker.user, post=marker)
    with pytest.raises(Refused, match=r"Wawancara sudah dimulai \(1 penilaian\)"):
        freezing.make_shortlist(running.round.pk, **running.who)


def test_a_score_corrected_before_interviews_makes_a_further_shortlist(running: Running) -> None:
    people = before_interviews(running, 90, 85, 80, 75)
    running.call()
    scoring.correct(people[3].pk, "competence", 9900, reason="Lembar jawaban dinilai ulang", **running.who)
    running.call()
    assert called(running)[people[3].pk] == 1
    assert called(running)[people[2].pk] == 3
    assert [replay(each).same for each in running.round.rankings.order_by("version")] == [True, True]
    with pytest.raises(Refused, match="sudah dibekukan"):
        checking.check_all(running.round.pk, **running.who)


def test_how_many_are_called_is_a_rule_of_the_round(running: Running) -> None:
    rules = rounds.rules_of(running.round)
    assert rules.interview_per_place == 3
    everybody = rules.with_stages(rules.stages, interview_per_place=None)
    assert (everybody.shortlists, "interview_per_place" in everybody.stored()) == (False, False)
    with pytest.raises(Refused, match="sedang menerima lamaran"):
        rounds.set_stages(running.round.pk, rules.stages, interview_per_place=None, **running.who)


# sessions and what applicants are told


def told(running: Running, asked: Application, on: date = AFTER) -> list[str]:
    return [str(each.text) for each in notices_of(running.again(asked), on=on)]


def session_of(running: Running, **about: Any) -> StageSession:
    given: dict[str, Any] = {
        "region": running.round.region, "place": "SMKN 1 Rantau", "seats": 2, "note": "KTP asli",
        "begins_at": datetime(2025, 3, 20, 8, 30, tzinfo=timezone.get_current_timezone()),
    } | about  # fmt: skip
    return inviting.plan_session(running.round.pk, "psychological", **given, **running.who, on=AFTER)


def test_who_is_still_in_is_invited_in_order_as_long_as_there_are_seats(running: Running) -> None:
    people = [running.apply(education="senior" if place == 0 else "bachelor") for place in range(4)]
    running.close()
    checking.check_all(running.round.pk, **running.who)
    session = session_of(running)
    assert inviting.invite(session.pk, **running.who, on=AFTER) == 2
    in_order = sorted((running.again(each) for each in people[1:]), key=lambda each: each.participant_no or 0)
    invited = set(StageInvitation.objects.values_list("application", flat=True))
    assert invited == {each.pk for each in in_order[:2]}
    with pytest.raises(Refused, match="kursinya penuh"):
        inviting.invite(session.pk, **running.who, on=AFTER)
    assert inviting.invite(session_of(running, place="SMKN 2").pk, **running.who, on=AFTER) == 1
    words = "Anda diundang ke Psikotes: 20 Maret 2025 pukul 09.30 WITA di SMKN 1 Rantau. Bawa KTP asli."
    assert words in told(running, in_order[0])


def test_a_session_moved_after_invitations_is_told_as_a_change(running: Running) -> None:
    one = running.apply()
    running.close()
    checking.check_all(running.round.pk, **running.who)
    session = session_of(running)
    inviting.invite(session.pk, **running.who, on=AFTER)
    moved = {"place": "Aula Dinsos", "begins_at": session.begins_at, "note": "", "on": AFTER}
    inviting.move_session(session.pk, **moved, **running.who)
    assert "Berubah: Psikotes menjadi 20 Maret 2025 pukul 09.30 WITA di Aula Dinsos." in told(running, one)
    with pytest.raises(Refused, match="sudah lewat"):
        inviting.move_session(session.pk, **moved | {"on": date(2025, 3, 21)}, **running.who)


def test_applicants_are_told_what_is_announced_and_nothing_before(running: Running) -> None:
    people = before_interviews(running, 90, 85, 80, 75)
    freezing.make_shortlist(running.round.pk, **running.who)
    assert len(told(running, people[0])) == 1  # that it was received
    rounds.announce_shortlist(running.round.pk, **running.who, on=AFTER)
    assert "dipanggil wawancara" in " ".join(told(running, people[0]))
    assert "tidak termasuk 3 terbaik untuk tiap tempat" in " ".join(told(running, people[3]))
    running.score("interview", dict.fromkeys(people[:3], 80))
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    offer = "Satu tempat ditawarkan kepada Anda. Jawab paling lambat 10 April 2025."
    assert offer in told(running, people[0], SETTLED_ON)
    text = to_send(running.again(people[0]), offer, address="https://contoh.id/lamaran/status/")
    assert text.startswith(f"{people[0].name}, peserta {running.again(people[0]).participant_no}.")
    assert str(people[0].number) not in text


# ranking, replay, publication


def test_places_go_by_the_total_and_the_reserve_follows(running: Running) -> None:
    people = ranked(running, 70, 90, 80, 60)
    assert outcomes(*people) == [3, 1, 2, 3]


def test_a_stage_nobody_has_a_score_for_holds_the_ranking_back(running: Running) -> None:
    one = running.apply()
    running.close()
    checking.check_all(running.round.pk, **running.who)
    running.score("psychological", {one: 70})
    with pytest.raises(Refused, match="Belum ada nilai Kompetensi bidang"):
        freezing.make_ranking(running.round.pk, **running.who)


def test_a_ranking_is_made_again_the_same_from_its_frozen_scores(running: Running) -> None:
    ranked(running, 70, 90, 80)
    made = running.round.rankings.get()
    found = replay(made)
    assert found.same
    assert (found.applicants, found.input_digest, found.result_digest) == (3, made.input_digest, made.result_digest)
    StageScore.objects.update(score=0)  # what happens after the freeze changes nothing
    assert replay(made).same


def test_a_replay_names_the_first_difference(running: Running) -> None:
    ranked(running, 70, 90, 80)
    made = running.round.rankings.get()
    made.result_digest = "0" * 64
    made.save(update_fields=["result_digest"])
    assert "Sidik hasil" in replay(made).difference
    made.input_digest = "0" * 64
    assert "Berkas nilai" in replay(made).difference


def test_nobody_rewrites_a_ranking(running: Running) -> None:
    people = ranked(running, 70, 90)
    assert RankedApplication.objects.count() == len(people)
    with (
        in_place(TENGAH),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(using=active_alias()),
    ):
        RankedApplication.objects.update(outcome=1, failed_stage="")


def test_an_applicant_sees_the_own_scores_and_the_last_total_that_got_in(running: Running) -> None:
    people = ranked(running, 70, 90, 80)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    ranking = published(running.round)
    assert ranking is not None
    mine = own_result(people[0], ranking, rounds.rules_of(running.round))
    assert mine is not None
    assert (mine.total, mine.cut_off, mine.row.place, mine.of) == (70, 90, 3, 3)
    assert [(each.score, each.passed) for each in mine.stages] == [(100, True), (70, True), (70, True), (70, True)]


def test_what_is_corrected_shows_once_it_is_ranked_and_published_again(running: Running) -> None:
    """Until then an applicant reads the scores the published place was made from."""
    people = ranked(running, 70, 90)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    scoring.correct(people[0].pk, "competence", 9500, reason="Nomor 12 dinilai ulang", **running.who)

    def mine() -> tuple[float | None, float]:
        ranking = published(running.round)
        assert ranking is not None
        found = own_result(people[0], ranking, rounds.rules_of(running.round))
        assert found is not None
        return found.stages[2].score, found.total

    assert mine() == (70, 70)
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    assert mine() == (95, 82.5)


def test_objections_are_heard_until_their_last_day_and_answered(running: Running) -> None:
    people = ranked(running, 70, 90)
    words = "Jawaban saya nomor 12 belum dinilai."
    with pytest.raises(Refused, match="sesudah hasil diumumkan"):
        objecting.object_to_result(people[0].pk, words, on=PUBLISHED_ON)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    with pytest.raises(Refused, match="berakhir 4 April 2025"):
        objecting.object_to_result(people[0].pk, words, on=SETTLED_ON)
    made = objecting.object_to_result(people[0].pk, words, on=PUBLISHED_ON)
    with pytest.raises(Refused, match="1 sanggah belum dijawab"):
        rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    objecting.answer_objection(made.pk, upheld=True, answer="Nomor 12 dinilai ulang: benar.", **running.who)
    with pytest.raises(Refused, match="Susun dan umumkan peringkat lagi"):
        rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    assert Objection.objects.get().upheld


def test_an_upheld_objection_makes_a_further_version_and_the_first_stays(running: Running) -> None:
    people = ranked(running, 70, 75)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    made = objecting.object_to_result(people[0].pk, "Jawaban saya nomor 12 belum dinilai.", on=PUBLISHED_ON)
    objecting.answer_objection(made.pk, upheld=True, answer="Nomor 12 dinilai ulang: benar.", **running.who)
    scoring.correct(people[0].pk, "competence", 9500, reason="Nomor 12 dinilai ulang", **running.who)
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=SETTLED_ON)
    rounds.settle(running.round.pk, **running.who, on=AGAIN_SETTLED_ON)
    assert outcomes(*people) == [1, 2]
    assert [replay(each).same for each in running.round.rankings.order_by("version")] == [True, True]


def test_whoever_drops_as_a_result_is_published_again_gets_new_days_to_object(running: Running) -> None:
    """And nobody else: days over stay over for whoever stands as before or better."""
    up, down, same = ranked(running, 70, 75, 60)
    rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
    scoring.correct(up.pk, "competence", 9500, reason="Nomor 12 dinilai ulang", **running.who)
    freezing.make_ranking(running.round.pk, **running.who)
    rounds.publish(running.round.pk, **running.who, on=SETTLED_ON)
    words = "Nilai lawan saya dinaikkan tanpa dasar."
    for asked in (up, same):
        with pytest.raises(Refused, match="berakhir 4 April 2025"):
            objecting.object_to_result(asked.pk, words, on=SETTLED_ON)
    dropped = "hasil Anda turun. Karena itu Anda dapat mengajukan sanggah sampai 8 April 2025"
    assert [dropped in " ".join(told(running, each)) for each in (up, down, same)] == [False, True, False]
    with pytest.raises(Refused, match="berlangsung sampai 8 April 2025"):
        rounds.settle(running.round.pk, **running.who, on=SETTLED_ON)
    with pytest.raises(Refused, match="berakhir 8 April 2025"):
        objecting.object_to_result(down.pk, words, on=AGAIN_SETTLED_ON)
    assert objecting.object_to_result(down.pk, words, on=AGAIN_SETTLED_ON - timedelta(days=1)).pk


# offers


def test_accepting_takes_the_person_on_once(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    assert offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON) == 1
    assert offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON) == 0  # nothing twice
    taken = offering.accept(people[1].pk, on=ANSWERED_ON)
    assert (taken.name, taken.region_no, taken.since, taken.cohort) == (people[1].name, TENGAH, BEGINS, 2025)
    assert offering.accept(people[1].pk, on=ANSWERED_ON) == taken
    assert Person.objects.filter(cohort=2025).count() == 1


def test_accepting_finds_the_record_that_stands_under_the_nik(running: Running) -> None:
    """Somebody who had left comes back; whose record stands elsewhere is told who can move it."""
    people = settled(running, 70, 90, 80)
    first, second = (running.again(people[place]).nik.open() for place in (1, 2))
    left = take_on("LAMA", region_no=TENGAH, since=date(2019, 1, 7), nik=first, kind=Person.Kind.TKSK)
    Person.objects.filter(pk=left.pk).update(until=date(2023, 1, 1))
    elsewhere = take_on("JAUH", region_no=SELATAN, since=date(2019, 1, 7), nik=second)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    taken = offering.accept(people[1].pk, on=ANSWERED_ON)
    assert (taken.pk, taken.kind, taken.since, taken.until, taken.cohort) == (left.pk, "pkh", BEGINS, None, 2025)
    PlaceOffer.objects.filter(application=people[1]).update(application=people[2], state="open", answered_on=None,
                                                            person=None)  # fmt: skip
    with in_place(TENGAH), pytest.raises(Refused, match="Hubungi dinas sosial"):
        offering.accept(people[2].pk, on=ANSWERED_ON)
    assert not PlaceOffer.objects.filter(person=elsewhere).exists()


def test_a_declined_place_goes_to_the_reserve_at_once(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    following = offering.decline(people[1].pk, on=ANSWERED_ON)
    assert following is not None
    assert following.application_id == people[2].pk
    with pytest.raises(Refused, match="tidak lagi terbuka"):
        offering.accept(people[1].pk, on=ANSWERED_ON)


def test_whoever_accepted_and_withdraws_leaves_the_place_to_the_reserve(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    taken = offering.accept(people[1].pk, on=ANSWERED_ON)
    first = FirstPost("facilitator", (TENGAH,), since=BEGINS)
    given = {"first": first, "password": "Sungai-Tapin-Tenang-7", "on": ANSWERED_ON}
    account = opening.give_account(taken.pk, "mundur", **given, **running.who)
    with pytest.raises(Refused, match="tidak jadi bertugas"):
        offering.withdraw(people[1].pk, why=" ", **running.who, on=ANSWERED_ON)
    with pytest.raises(Refused, match="sudah mulai bertugas 2 Juni 2025"):
        offering.withdraw(people[1].pk, why="Diterima di tempat lain", **running.who, on=BEGINS)
    offering.withdraw(people[1].pk, why="Diterima di tempat lain", **running.who, on=ANSWERED_ON)
    states = dict(PlaceOffer.objects.values_list("application", "state"))
    assert states == {people[1].pk: "withdrew", people[2].pk: "open"}
    taken.refresh_from_db()
    account.refresh_from_db()
    assert (taken.since, taken.until, taken.cohort, account.is_active) == (BEGINS, BEGINS, None, False)
    assert taken.kind == Person.Kind.NEVER
    assert "mengundurkan diri" in " ".join(told(running, people[1], ANSWERED_ON))
    assert replay(running.round.rankings.get()).same
    with pytest.raises(Refused, match="tidak sedang memegang tempat"):
        offering.withdraw(people[1].pk, why="Diterima di tempat lain", **running.who, on=ANSWERED_ON)


@pytest.mark.parametrize("until", [None, date(2023, 1, 1)])
def test_whoever_withdraws_is_again_what_they_were(running: Running, until: date | None) -> None:
    """A companion of another programme, who serves or has left; what bound them from the first day never stands."""
    people = settled(running, 70, 90, 80)
    nik = running.again(people[1]).nik.open()
    before = take_on("LAMA", region_no=TENGAH, since=date(2019, 1, 7), nik=nik, kind=Person.Kind.TKSK, cohort=2018)
    Person.objects.filter(pk=before.pk).update(until=until)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    taken = offering.accept(people[1].pk, on=ANSWERED_ON)
    assert (taken.kind, taken.cohort) == (Person.Kind.PKH, 2025)
    terms = Terms(Contract.Form.PPPK, "SPK/7/2025", ANSWERED_ON, BEGINS, date(2026, 1, 1), "penata_layanan_operasional")
    contracts.sign(taken.pk, terms, **running.who, on=ANSWERED_ON)
    offering.withdraw(people[1].pk, why="Diterima di tempat lain", **running.who, on=ANSWERED_ON)
    taken.refresh_from_db()
    assert (taken.kind, taken.cohort, taken.since, taken.until) == ("tksk", 2018, date(2019, 1, 7), until)
    assert Contract.objects.get().never_stood
    assert not contracts.ending(running.who["post"], on=BEGINS).exists()
    Person.objects.filter(pk=taken.pk).update(until=None)
    again = contracts.sign(taken.pk, terms, **running.who, on=ANSWERED_ON)  # the same decree may bind them after all
    assert not again.never_stood


def test_whoever_was_in_the_programme_keeps_the_contract_that_renews_their_own(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    before = take_on("LAMA", region_no=TENGAH, since=date(2019, 1, 7), nik=running.again(people[1]).nik.open())
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    offering.accept(people[1].pk, on=ANSWERED_ON)
    terms = Terms(Contract.Form.PPPK, "SPK/7/2025", ANSWERED_ON, BEGINS, date(2026, 1, 1), "penata_layanan_operasional")
    contracts.sign(before.pk, terms, **running.who, on=ANSWERED_ON)
    offering.withdraw(people[1].pk, why="Diterima di tempat lain", **running.who, on=ANSWERED_ON)
    before.refresh_from_db()
    assert (before.kind, before.until, Contract.objects.get().until) == ("pkh", None, date(2026, 1, 1))


def test_a_replay_says_where_an_offer_left_the_order(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    offering.decline(people[1].pk, on=ANSWERED_ON)  # and the reserve has it now
    made = running.round.rankings.get()
    assert (replay(made).same, replay(made).offers) == (True, 2)
    PlaceOffer.objects.filter(application=people[2]).update(application=people[0])
    number, due = (running.again(each).participant_no for each in (people[0], people[2]))
    said = replay(made).difference
    assert f"tawaran ke-2 diberikan kepada peserta {number}, menurut urutan peserta {due}" in said


def test_what_is_not_answered_in_time_lapses_and_is_offered_on(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    late = SETTLED_ON + timedelta(days=6)
    with pytest.raises(Refused, match="batas jawabannya 10 April 2025"):
        offering.accept(people[1].pk, on=late)
    assert offering.offer_places(running.round.pk, **running.who, on=late) == 1
    states = dict(PlaceOffer.objects.values_list("application", "state"))
    assert states == {people[1].pk: "lapsed", people[2].pk: "open"}


def test_two_people_never_hold_the_last_place_and_no_quota_is_overdrawn(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    held = PlaceOffer.objects.get()
    with pytest.raises(IntegrityError, match="offer_one_a_place"), transaction.atomic(using=active_alias()):
        PlaceOffer.objects.create(
            application=people[2], formation=held.formation, place_no=held.place_no, offered_on=SETTLED_ON,
            answer_by=SETTLED_ON,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="has no place 2"), transaction.atomic(using=active_alias()):
        PlaceOffer.objects.create(
            application=people[2], formation=held.formation, place_no=2, offered_on=SETTLED_ON, answer_by=SETTLED_ON
        )
    with pytest.raises(Refused, match="Belum ada tempat"):
        offering.accept(people[2].pk, on=ANSWERED_ON)


def test_nobody_beyond_the_reserve_is_offered_a_place(running: Running) -> None:
    people = settled(running, 70, 90, 80)
    offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)
    for each in (people[1], people[2]):
        offering.decline(each.pk, on=ANSWERED_ON)
    assert offering.offer_places(running.round.pk, **running.who, on=ANSWERED_ON) == 0
    assert not PlaceOffer.objects.filter(application=people[0]).exists()


def test_places_are_offered_only_once_the_result_stands(running: Running) -> None:
    ranked(running, 70, 90)
    with pytest.raises(Refused, match="sesudah hasil"):
        offering.offer_places(running.round.pk, **running.who, on=SETTLED_ON)


# the articles


def test_965_of_2017_and_1080_of_2018_serve_in_lampung(system: Scope) -> None:
    lampung = (1_800_000_000, 1_900_000_000)
    for cohort, people, since in ((2017, 965, date(2017, 1, 2)), (2018, 1080, date(2018, 1, 2))):
        ids = draw_ids(Person, people)
        columns: dict[str, Any] = {
            "id": ids, "name": [f"SDM {no}" for no in ids],
            "region_no": [lampung[0] + 10**6 * (1 + place % 15) for place in range(people)],
        }  # fmt: skip
        write(
            Person, columns, kind="pkh", staff_number="", sex=0, education="", email="", phone="", cohort=cohort,
            since=since,
        )  # fmt: skip
    found = cohorts(*lampung, on=date(2018, 5, 27))
    assert found == {2017: 965, 2018: 1080}
    assert sum(found.values()) == 2045
    assert cohorts(*lampung, on=date(2017, 12, 31)) == {2017: 965}


def test_a_round_of_hundreds_goes_through_the_database_set_based(
    running: Running, django_assert_max_num_queries: Any
) -> None:
    """The 959 of 63,000 at a hundredth of their size."""
    people = [running.apply(running.tengah if place % 2 else running.selatan) for place in range(40)]
    running.close()
    with django_assert_max_num_queries(25, connection=connections[active_alias()]):
        checking.check_all(running.round.pk, **running.who)
    running.score_all({each: 50 + place for place, each in enumerate(people)})
    with django_assert_max_num_queries(30, connection=connections[active_alias()]):
        made = freezing.make_ranking(running.round.pk, **running.who)
    assert made.applicants == 40
    assert RankedApplication.objects.filter(outcome=1).count() == 2
    assert replay(made).same
