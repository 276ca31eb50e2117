"""Numbers of persons: shut in their row, found by their index, never shown where they should not be."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from harapan.database import sealing
from harapan.database.fields import Sealed, draw_ids
from harapan.database.scope import Scope
from harapan.database.sealing import SealBroken
from harapan.registry.models import Family, Member, PaymentAccount, Question
from tests.ground import HIYUNG, family, member

NIK = "6305034107850001"
KK = "6305021608156220"


def stored(table: str, column: str, row: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [row])
        return bytes(cursor.fetchone()[0])


def test_a_number_reads_back_and_is_not_stored_in_clear(system: Scope) -> None:
    kin = family("NORHAYATI", kk=KK)
    again = Family.objects.get(pk=kin.pk)
    assert again.kk.open() == KK
    assert KK.encode() not in stored("registry_family", "kk", kin.pk)
    assert KK[-4:].encode() not in stored("registry_family", "kk_ix", kin.pk)


def test_two_rows_never_share_a_ciphertext(system: Scope) -> None:
    one, two = member(family("A"), nik=NIK), member(family("B"), nik=NIK)
    assert stored("registry_member", "nik", one.pk) != stored("registry_member", "nik", two.pk)


def test_the_same_nik_is_found_across_tables(system: Scope) -> None:
    kin = family("A")
    member(kin, nik=NIK)
    assert Member.objects.filter(nik_ix=NIK).count() == 1
    assert Member.objects.filter(nik_ix="6305034107850002").count() == 0
    assert sealing.index("nik", NIK) != sealing.index("kk", NIK)


def test_an_account_copied_into_another_row_does_not_open(system: Scope) -> None:
    """Whoever writes to the database puts his own account number into another family's row, and is not paid."""
    accounts = [
        PaymentAccount.objects.create(family=family(name), number=number, spell=(date(2025, 1, 1), None), source="list")
        for name, number in (("A", "0123456789012345"), ("B", "9876543210987654"))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_paymentaccount SET number = (SELECT number FROM registry_paymentaccount WHERE id = %s)"
            " WHERE id = %s",
            [accounts[0].pk, accounts[1].pk],
        )
    with pytest.raises(SealBroken, match=f"row {accounts[1].pk}"):
        PaymentAccount.objects.get(pk=accounts[1].pk).number.open()


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b[:5], lambda b: b"\x02" + b[1:], lambda b: b""])
def test_a_damaged_number_says_so(system: Scope, change: object) -> None:
    blob = sealing.seal(NIK, kind="nik", table="t", row_id=1)
    with pytest.raises(SealBroken):
        sealing.unseal(change(blob), kind="nik", table="t", row_id=1)  # type: ignore[operator]


def test_a_number_taken_over_into_another_row_is_sealed_anew(system: Scope) -> None:
    one, two = family("A", kk=KK), family("B")
    two.kk = one.kk
    two.save()
    assert Family.objects.get(pk=two.pk).kk.open() == KK
    assert Family.objects.filter(kk_ix=KK).count() == 2


def test_a_deferred_number_is_fetched_when_asked_for(system: Scope) -> None:
    family("A", kk=KK)
    assert Family.objects.only("name").get().kk.open() == KK


def test_a_number_cannot_be_saved_without_its_index(system: Scope) -> None:
    kin = family("A", kk=KK)
    kin.kk = "6305021608156221"
    with pytest.raises(ValueError, match="kk_ix"):
        kin.save(update_fields=["kk"])
    kin.save(update_fields=["kk", "kk_ix"])
    assert Family.objects.filter(kk_ix="6305021608156221").exists()


def test_a_number_cannot_be_written_in_clear_by_an_update(system: Scope) -> None:
    kin = family("A")
    with pytest.raises(TypeError, match="bound to its row"):
        Family.objects.filter(pk=kin.pk).update(kk=KK)


def test_taking_a_number_away_takes_its_index(system: Scope) -> None:
    kin = family("A", kk=KK)
    kin.kk = None
    kin.save()
    assert not Family.objects.filter(kk_ix=KK).exists()


def test_whole_columns_are_sealed_for_rows_drawn_before(system: Scope) -> None:
    ids = draw_ids(Family, 3)
    sealed, indexes = sealing.seal_column([KK, None, "63"], kind="kk", table="registry_family", row_ids=ids)
    assert indexes[1] is None
    opened = [s and Sealed("kk", "registry_family", i, s).open() for s, i in zip(sealed, ids, strict=True)]
    assert opened == [KK, None, "63"]


def test_the_last_four_of_a_nik_are_never_shown(system: Scope) -> None:
    who = member(family("A"), nik=NIK)
    asked = Question.objects.create(
        family=who.family, member=who, field="nik", ours=NIK, theirs="6305034107850009", source="list"
    )
    for shown in (str(who.nik), repr(who.nik), f"{who.nik}", str(asked.ours), str(asked.theirs)):
        assert "0001" not in shown
        assert "0009" not in shown
    assert str(who.nik).startswith("6305")


def test_the_last_four_of_other_numbers_are_shown() -> None:
    assert sealing.masked("kk", KK).endswith("6220")
    assert sealing.masked("account", "0123456789") == "••••••••6789"
    assert "1234" not in sealing.masked("phone", "1234")


def test_region_numbers_of_children_follow(system: Scope) -> None:
    assert member(family("A")).region_no == HIYUNG
