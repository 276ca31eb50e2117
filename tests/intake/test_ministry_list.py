"""The ministry's list comes in: families, pengurus, place and bank, and what differs becomes a question."""

from __future__ import annotations

from datetime import date

from harapan.registry.models import Enrolment, Family, Member, PaymentAccount, Question
from tests.intake.conftest import Bring, answers, row


def test_a_list_of_new_families_is_taken_in_whole(bring: Bring) -> None:
    run = bring([row(1), row(2, nik="0", bank="POS"), row(3, village_code="6305.02.2001", village="TATAKAN")])
    assert (run.rows, run.accepted, run.changed, run.unchanged, run.refused) == (3, 3, 0, 0, 0), answers(run)
    family = Family.objects.get(dtks_id="630500000000001")
    assert (family.name, family.name_key, family.region_id, family.rt) == ("RUSMINI 1", "RUSMINI 1", 6305032009, "004")
    assert family.kk.open() == "6305020101010001"
    manager = Member.objects.get(family=family)
    assert manager.nik.open() == "6305026602730001"
    assert (manager.born_on, manager.sex, manager.born_source, manager.manager) == (
        date(1973, 2, 26),
        2,
        "derived",
        True,
    )
    assert Enrolment.objects.get(family=family).spell.lower == date(2025, 4, 1)
    account = PaymentAccount.objects.get(family=family)
    assert (account.bank, account.channel) == ("BRI", 1)
    without = Family.objects.get(dtks_id="630500000000002")
    assert Member.objects.get(family=without).nik is None
    assert PaymentAccount.objects.get(family=without).channel == 2


def test_the_same_rows_again_change_nothing(bring: Bring) -> None:
    bring([row(1), row(2)])
    run = bring([row(2), row(1)])  # another file, so every row is compared
    assert (run.unchanged, run.changed, run.accepted) == (2, 0, 0), answers(run)
    assert Question.objects.count() == 0


def test_lines_that_share_a_nik_are_one_family_whatever_card_one_of_them_bears(bring: Bring) -> None:
    """Else the second reading, which finds the family by its NIK, would answer otherwise than the first."""
    bring([row(5, nik="0", beneficiary_id="")])
    pair = [row(4), row(4, kk=row(5)["kk"], beneficiary_id="", wave="2")]
    assert bring(pair).accepted == 2
    assert Family.objects.count() == 2
    again = bring([*pair, row(6)])
    assert (again.accepted, again.changed, again.unchanged) == (1, 0, 2)
