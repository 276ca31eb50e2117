"""Five questions: drawn so that anybody can draw again, asked by others, summed up without pointing at families."""

from __future__ import annotations

import pytest

from harapan.core.drawing import draw, size_of
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.workforce.ethics import asking
from harapan.workforce.models import EthicsCase, EthicsDraw, EthicsVisit, Person
from harapan.workforce.taking_on import take_on
from tests.workforce.conftest import TAPIN_TENGAH, TODAY, Team

Answer = EthicsVisit.Answer
FINE = {"card_own": 1, "money_whole": 1, "no_gifts": 2, "no_politics": 2, "treated_well": 1}


@pytest.fixture
def drawn(uneven: Team, monkeypatch: pytest.MonkeyPatch) -> EthicsDraw:
    monkeypatch.setattr("harapan.workforce.ethics.law.asked_percent", lambda day: 20)
    return asking.draw_families(TAPIN_TENGAH, by=uneven.coordinator.user, on=TODAY, seed="uji")


def asked(drawn: EthicsDraw, by: object, answers: list[dict[str, int]]) -> None:
    for visit, said in zip(drawn.visits.order_by("pk"), answers, strict=False):
        asking.record_answers(visit.pk, FINE | said, visited_on=TODAY, by=by, on=TODAY)  # type: ignore[arg-type]


def test_the_draw_can_be_drawn_again(drawn: EthicsDraw, uneven: Team) -> None:
    strata = asking.members_of(TAPIN_TENGAH, TODAY)
    again = draw(strata, percent=drawn.percent, seed=drawn.seed)
    assert sorted(pk for families in again.values() for pk in families) == sorted(
        drawn.visits.values_list("family", flat=True)
    )
    assert (drawn.population, drawn.drawn) == (sum(map(len, strata.values())), size_of(drawn.population, 20))
    assert asking.draw_families(TAPIN_TENGAH, by=uneven.coordinator.user, on=TODAY, seed="lain") == drawn
    assert EthicsVisit.objects.filter(draw=drawn).count() == drawn.drawn


def test_an_empty_kecamatan_has_nobody_to_ask(uneven: Team) -> None:
    with pytest.raises(Refused, match="Belum ada keluarga peserta"):
        asking.draw_families(6306010000, by=uneven.coordinator.user, on=TODAY)


def test_the_own_facilitator_neither_asks_nor_sees(drawn: EthicsDraw, uneven: Team) -> None:
    visit = drawn.visits.filter(facilitator__isnull=False).first()
    assert visit is not None
    assert visit.facilitator is not None
    with pytest.raises(Refused, match="keluarga dampingan Anda sendiri"):
        asking.record_answers(visit.pk, FINE, visited_on=TODAY, by=visit.facilitator, on=TODAY)
    low = Scope.of_ranges(((TAPIN_TENGAH, TAPIN_TENGAH + 10**4),), actor=visit.facilitator_id, via="test")
    with put_on(low):
        assert not EthicsVisit.objects.filter(facilitator=visit.facilitator_id).exists()
    with put_on(uneven.coordinator.scope(actor=uneven.coordinator.user_id)):
        assert EthicsVisit.objects.count() == drawn.drawn


def test_half_an_answer_is_refused(drawn: EthicsDraw, uneven: Team) -> None:
    visit = drawn.visits.earliest("pk")
    with pytest.raises(Refused, match="Jawab kelima pertanyaannya"):
        asking.record_answers(visit.pk, {"card_own": 1}, visited_on=TODAY, by=uneven.coordinator.user, on=TODAY)
    with pytest.raises(Refused, match="belum tiba"):
        asking.record_answers(visit.pk, FINE, visited_on=TODAY.replace(year=2026), by=uneven.coordinator.user, on=TODAY)
    away = asking.record_answers(visit.pk, {}, visited_on=TODAY, by=uneven.coordinator.user, on=TODAY, found=False)
    assert (away.found, away.asked) == (False, [])


def test_totals_by_place_hide_what_points_at_a_few(drawn: EthicsDraw, uneven: Team) -> None:
    by = uneven.coordinator.user
    bad = [{"card_own": 2}, {"card_own": 2}, {"card_own": 2}, {"no_gifts": 1}]
    asked(drawn, by, bad + [{}] * (drawn.drawn - len(bad)))
    (place,) = asking.by_place(202505, on=TODAY)
    totals = {each.question.code: (each.answered, each.grave) for each in place.totals}
    assert totals["card_own"] == (drawn.drawn, 3)
    assert totals["no_gifts"] == (drawn.drawn, None)
    assert totals["money_whole"] == (drawn.drawn, 0)
    assert (place.visited, place.not_found) == (drawn.drawn, 0)


def test_a_grave_answer_opens_a_case_without_the_family(drawn: EthicsDraw, uneven: Team) -> None:
    for post in uneven.posts.values():
        take_on(post.user.name, region_no=post.region_nos[0], since=TODAY, user=post.user)
    by = uneven.coordinator.user
    visit = drawn.visits.filter(facilitator__isnull=False).earliest("pk")
    asking.record_answers(visit.pk, FINE, visited_on=TODAY, by=by, on=TODAY)
    with pytest.raises(Refused, match="Tidak ada jawaban yang patut dilaporkan"):
        asking.forward_visit(visit.pk, by=by, on=TODAY)
    asking.record_answers(visit.pk, FINE | {"money_whole": 2}, visited_on=TODAY, by=by, on=TODAY)
    asking.forward_visit(visit.pk, by=by, on=TODAY)
    case = EthicsCase.objects.get()
    assert (case.accused_id, case.offence) == (visit.facilitator_id, "cutting_aid")
    assert case.person == Person.objects.get(user=visit.facilitator_id)
    words = case.evidence.get().words
    assert visit.family.name not in words
    assert "“Apakah uang bantuan yang terakhir diterima utuh" in words
    with pytest.raises(Refused, match="sudah diteruskan"):
        asking.record_answers(visit.pk, FINE, visited_on=TODAY, by=by, on=TODAY)
