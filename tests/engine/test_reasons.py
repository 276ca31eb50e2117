from __future__ import annotations

import pytest

from harapan.core.components import Component
from harapan.engine.reasons import (
    DECISION_SENTENCES,
    FAMILY_SENTENCES,
    LINE_SENTENCES,
    FamilyReason,
    LineReason,
    family_sentences,
    line_sentences,
    named_months,
)
from harapan.engine.reference import Family, Member, compute
from harapan.engine.tables import Decision, Outcome
from tests.engine.builders import RULES, rules


def test_every_reason_has_a_sentence() -> None:
    assert set(LINE_SENTENCES) == set(LineReason)
    assert set(FAMILY_SENTENCES) == set(FamilyReason)
    assert set(DECISION_SENTENCES) == set(Decision)


@pytest.mark.parametrize("component", [0, *Component])
def test_every_sentence_can_be_filled_in_for_every_component(component: int) -> None:
    sentences = line_sentences(0x3FFFFFFF, component=component, rules=RULES)
    assert not any("{" in sentence for sentence in sentences)


def test_a_child_too_many_is_told_why() -> None:
    children = tuple(Member(member_id=n, born_ymd=20150101, school_level=3, facility_id=1) for n in range(5))
    answer = compute(Family(family_id=1, members=children), RULES)
    assert line_sentences(answer.lines[4].reason, component=3, rules=RULES) == [
        "Tidak dihitung: paling banyak 4 orang per keluarga, didahulukan yang bantuannya paling besar.",
        "Belum ada kepastian kehadiran dari sekolah atau tempat layanan untuk Januari, Februari dan Maret 2025.",
    ]


def test_a_cut_names_its_months() -> None:
    child = Member(member_id=5, born_ymd=20150101, school_level=3, facility_id=1)
    family = Family(
        family_id=1,
        members=(child,),
        exceptions={(5, 202501): [Outcome.MISSED], (5, 202503): [Outcome.MISSED]},
        confirmed={(1, 202501), (1, 202502), (1, 202503)},
    )
    answer = compute(family, RULES)
    assert family_sentences(answer.reasons, decision=answer.decision, rules=RULES) == [
        "Keluarga ini berhak atas bantuan tahap ini.",
        "Dikurangi karena catatan kehadiran pada Januari dan Maret 2025.",
    ]
    assert line_sentences(answer.lines[0].reason, component=3, rules=RULES) == [
        "Dihitung sebagai SD sederajat.",
        "Kehadiran belum terpenuhi pada Januari dan Maret 2025.",
    ]


def test_age_is_told_with_its_limit_and_day() -> None:
    grandmother = Member(member_id=1, born_ymd=19600101, listed_component=int(Component.ELDERLY))
    answer = compute(Family(family_id=1, members=(grandmother,)), RULES)
    assert line_sentences(answer.lines[0].reason, component=7, rules=RULES) == [
        "Belum dihitung: usianya belum 70 tahun pada 1 April 2025."
    ]


def test_months_of_two_years_each_name_theirs() -> None:
    two_years = rules(observes_months=("2024-11", "2024-12", "2025-01"))
    assert named_months(0b111, two_years) == "November, Desember 2024 dan Januari 2025"
    assert named_months(0b101, two_years) == "November 2024 dan Januari 2025"
    assert named_months(0, two_years) == ""
