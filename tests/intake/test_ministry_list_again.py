"""Lists after the first: what the centre may change, what the field keeps, and what is asked of a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post
from harapan.benefits.models import Listing, Stage
from harapan.intake.models import OtherProgrammeRow
from harapan.registry.actions import change_family, decide_question
from harapan.registry.models import Enrolment, Family, Group, Member, PaymentAccount, Question
from tests.intake.conftest import HIYUNG, TODAY, Bring, answers, row

CEMPAKA = "6305022011"


def family(number: int = 1) -> Family:
    return Family.objects.get(dtks_id=f"63050{number:010}")


def test_a_moved_family_takes_its_members_along(bring: Bring) -> None:
    bring([row(1)])
    run = bring([row(1, village_code=CEMPAKA, village="CEMPAKA", district="TAPIN SELATAN")])
    assert run.changed == 1
    assert "desa atau kelurahan" in answers(run)[2]
    assert family().region_id == int(CEMPAKA)
    assert Member.objects.get(family=family()).region_no == int(CEMPAKA)
    assert Listing.objects.get(family=family()).region_no == int(CEMPAKA)


def test_a_new_bank_begins_with_the_stage_and_ends_the_old(bring: Bring) -> None:
    bring([row(1)], stage="2025-1")
    bring([row(1, bank="BNI")], stage="2025-2")
    spells = [(a.bank, a.spell.lower, a.spell.upper) for a in PaymentAccount.objects.order_by("spell")]
    assert spells == [("BRI", date(2025, 1, 1), date(2025, 4, 1)), ("BNI", date(2025, 4, 1), None)]
    older = bring([row(1, bank="BRI", amount_idr=900_000)], stage="2025-1")
    assert PaymentAccount.objects.get(spell__upper_inf=True).bank == "BNI"  # an older list says nothing of today
    assert older.changed == 1  # only the amount on the list of its own stage


@pytest.mark.parametrize(
    ("column", "theirs", "field"),
    [("name", "MISNAWATI", "name"), ("nik", "6305026602730099", "nik"), ("kk", "6305020101010099", "kk")],
)
def test_a_different_name_or_number_becomes_a_question(
    bring: Bring, operator: Post, column: str, theirs: str, field: str
) -> None:
    bring([row(1)])
    run = bring([row(1, **{column: theirs})])
    assert run.changed == 1
    question = Question.objects.get()
    assert (question.field, question.theirs.open()) == (field, theirs)
    assert question.ours.open() == row(1)[column]
    assert family().name == "RUSMINI 1"  # nothing is overwritten
    again = bring([row(1, **{column: theirs}, rt="005")])
    assert Question.objects.count() == 1
    assert "pertanyaannya sudah ada" in answers(again)[2]
    decide_question(question.pk, take=True, by=operator.user, on=TODAY, why="sesuai KTP")
    settled = bring([row(1, **{column: theirs}, rt="005", rw="009")])
    assert "berbeda" not in answers(settled)[2]


def test_what_the_field_noted_is_never_overwritten(bring: Bring, operator: Post) -> None:
    bring([row(1)])
    change_family(family().pk, rt="010", by=operator.user, on=TODAY)
    run = bring([row(1, rt="002", rw="008")])
    assert (family().rt, family().rw) == ("010", "008")
    assert "Catatan lapangan dipertahankan: RT" in answers(run)[2]


def test_the_list_replaces_what_only_the_list_said(bring: Bring) -> None:
    bring([row(1)])
    bring([row(1, rt="002")])
    assert family().rt == "002"


def test_a_changed_amount_is_changed_and_a_new_stage_accepted(bring: Bring) -> None:
    bring([row(1), row(2)])
    run = bring([row(1, amount_idr=500_000), row(2)])
    assert (run.changed, run.unchanged) == (1, 1)
    assert Listing.objects.get(family=family(1)).nominal_idr == 500_000
    later = bring([row(1)], stage="2025-3")
    assert later.accepted == 1
    assert set(Stage.objects.values_list("name", flat=True)) == {"2025-2", "2025-3"}


def test_a_family_gone_from_the_list_loses_nothing(bring: Bring) -> None:
    bring([row(1), row(2)], stage="2025-1")
    bring([row(1)], stage="2025-2")
    assert family(2).enrolments.filter(spell__upper_inf=True).exists()


def test_a_family_is_found_by_nik_when_its_iddtks_changed(bring: Bring) -> None:
    bring([row(1)])
    run = bring([row(1, beneficiary_id="630599999999999")])
    assert Family.objects.count() == 1
    assert "IDDTKS" in answers(run)[2]
    assert Family.objects.get().dtks_id == "630599999999999"


def test_a_family_is_found_by_its_card_when_the_list_has_no_other_key(bring: Bring) -> None:
    bring([row(1)])
    run = bring([row(1, beneficiary_id="", nik="0")])
    assert (run.unchanged, Family.objects.count()) == (1, 1), answers(run)


def test_two_women_on_one_card_are_two_families(bring: Bring) -> None:
    run = bring([row(1), row(2, kk=row(1)["kk"])])
    assert run.accepted == 2
    again = bring([row(2, kk=row(1)["kk"]), row(1)])
    assert again.unchanged == 2, answers(again)


def test_one_family_in_two_waves_is_one_family(bring: Bring) -> None:
    run = bring([row(1), row(1, wave="2", amount_idr=200_000)])
    assert run.accepted == 2, answers(run)
    assert Family.objects.count() == 1
    assert sorted(Listing.objects.values_list("nominal_idr", flat=True)) == [200_000, 975_000]


def test_other_programmes_are_kept_apart_and_nothing_is_lost(bring: Bring) -> None:
    run = bring([row(1), row(1, programme="BPNT", amount_idr=600_000), row(2, programme="PBI")])
    assert run.accepted == 3, answers(run)
    assert "Bukan PKH (BPNT)" in answers(run)[3]
    assert Family.objects.count() == 1
    kept = OtherProgrammeRow.objects.get(programme="BPNT")
    assert (kept.amount_idr, kept.nik.open(), kept.stage) == (600_000, row(1)["nik"], "2025-2")
    again = bring([row(2, programme="PBI"), row(1, programme="BPNT", amount_idr=700_000)])
    assert (again.unchanged, again.changed) == (1, 1)


def test_another_stage_in_the_file_is_warned_about(bring: Bring) -> None:
    run = bring([row(1, stage="3")])
    assert "menyebut “3”; yang dipakai adalah tahap 2025-2" in run.notice
    assert Listing.objects.get().stage.name == "2025-2"


def test_an_unknown_district_in_a_nik_is_only_a_warning(bring: Bring) -> None:
    run = bring([row(1, nik="9999996602730001".replace("9999", "9201", 1))])
    assert run.accepted == 1, answers(run)
    assert "tidak ada di daftar wilayah" in answers(run)[2]


def test_village_by_name_where_the_code_is_missing(bring: Bring) -> None:
    run = bring([row(1, village_code="", village="DESA HIYUNG")])
    assert run.accepted == 1, answers(run)
    assert family().region_id == int(HIYUNG)


def test_a_card_group_stays_when_the_list_comes_again(bring: Bring) -> None:
    bring([row(1)])
    group = Group.objects.create(name="MELATI 1", region_id=int(HIYUNG))
    Family.objects.update(group=group)
    bring([row(1, rt="009")])
    assert family().group_id == group.pk


def test_a_family_that_had_left_is_a_member_again(bring: Bring) -> None:
    bring([row(1)], stage="2025-1")
    Enrolment.objects.update(spell=DateRange(date(2025, 1, 1), date(2025, 5, 1)))
    run = bring([row(1)], stage="2025-2")
    assert "dimulai lagi" in answers(run)[2]
    spells = [(e.spell.lower, e.spell.upper) for e in Enrolment.objects.order_by("spell")]
    assert spells == [(date(2025, 1, 1), date(2025, 5, 1)), (date(2025, 5, 1), None)]
