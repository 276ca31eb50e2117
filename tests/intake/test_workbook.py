"""The facilitators' workbook: groups, numbers, notes and figures of families that the ministry's list has brought."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import Post, User
from harapan.core.errors import Refused
from harapan.intake.models import OpeningFigure
from harapan.registry.models import Family, Group, PaymentAccount, Question
from tests.intake.conftest import Bring, answers, row

HEAD = "Nama Pengurus,No KK,Desa,Alamat,RT,RW,No Rekening,No Kartu,AK,Komponen,Nominal,Kelompok,Nominal P2K2,Pengaduan"


def line(number: int = 1, **changes: str) -> str:
    cells = {
        "name": f"RUSMINI {number}", "kk": row(number)["kk"], "village": "HIYUNG", "address": "RT 4", "rt": "004",
        "rw": "003", "account": "5059906722", "card": "6013351763952441", "members": "3", "components": "SD",
        "amount": "975000", "group": "MELATI 1", "p2k2": "", "complaint": "",
    } | changes  # fmt: skip
    return ",".join(cells.values())


def workbook(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


@pytest.fixture
def hartati(operator: Post) -> Post:
    user = User.objects.create_user("hartati", name="Hartati")
    return Post.objects.create(user=user, role_code="facilitator", since=date(2020, 1, 1))


@pytest.fixture
def book(bring: Bring):
    bring([row(1), row(2)])

    def bring_book(*lines: str, **options: object):
        return bring(workbook(*lines), layout="caseload", **options)

    return bring_book


def test_families_join_the_group_the_workbook_names(book, hartati: Post) -> None:
    run = book(line(1), line(2), facilitator=hartati.user)
    assert run.accepted == 2, answers(run)
    group = Group.objects.exclude(pk=0).get()
    assert (group.name, group.facilitator, group.region_id) == ("MELATI 1", hartati.user, 6305032009)
    assert set(Family.objects.values_list("group_id", flat=True)) == {group.pk}
    hartati.refresh_from_db()
    assert hartati.groups == [group.pk]


def test_whoever_is_no_facilitator_is_given_no_group(book, operator: Post) -> None:
    with pytest.raises(Refused, match="tidak bertugas sebagai pendamping"):
        book(line(1), facilitator=operator.user)


def test_two_groups_of_one_name_are_told_apart_by_the_facilitator(book, hartati: Post) -> None:
    other = User.objects.create_user("lain", name="Lain")
    Group.objects.create(name="MELATI 1", region_id=6305032009, facilitator=other)
    Group.objects.create(name="Melati 1", region_id=6305032009, facilitator=hartati.user)
    refused = book(line(1))
    assert refused.refused == 1
    assert "Ada 2 kelompok" in answers(refused)[2]
    assert book(line(1), facilitator=hartati.user).accepted == 1


def test_two_groups_of_one_facilitator_are_told_apart_by_the_village(book, hartati: Post) -> None:
    near = Group.objects.create(name="MELATI 1", region_id=6305032009, facilitator=hartati.user)
    Group.objects.create(name="MELATI 1", region_id=6305030000, facilitator=hartati.user)
    assert book(line(1), facilitator=hartati.user).accepted == 1
    assert Family.objects.get(dtks_id=row(1)["beneficiary_id"]).group_id == near.pk
    Group.objects.create(name="MELATI 1", region_id=6305032009, facilitator=hartati.user)
    refused = answers(book(line(2), facilitator=hartati.user))[2]
    assert "Ada 3 kelompok “MELATI 1” milik Hartati" in refused
    assert "beserta desanya" in refused


def test_account_and_card_are_filled_in_and_never_overwritten(book) -> None:
    book(line(1))
    account = PaymentAccount.objects.get(family__dtks_id=row(1)["beneficiary_id"])
    assert (account.bank, account.number.open(), account.card.open()) == ("BRI", "5059906722", "6013351763952441")
    run = book(line(1, account="5059906799"))
    assert run.changed == 1
    question = Question.objects.get()
    assert (question.field, question.ours.open(), question.theirs.open()) == ("account", "5059906722", "5059906799")


def test_another_name_is_a_question(book) -> None:
    run = book(line(1, name="MISNAWATI"))
    assert "nama berbeda" in answers(run)[2]
    assert Question.objects.get().source == "caseload"
    assert Family.objects.get(dtks_id=row(1)["beneficiary_id"]).name == "RUSMINI 1"


def test_a_family_without_a_card_number_is_found_by_name_and_village(book) -> None:
    assert book(line(1, kk="")).accepted == 1
    unknown = book(line(1, kk="", village="TATAKAN"))
    assert "belum tercatat" in answers(unknown)[2]


def test_complaints_go_below_the_note_and_figures_are_kept_with_their_source(book) -> None:
    book(line(1, complaint="KARTU HILANG"))
    family = Family.objects.get(dtks_id=row(1)["beneficiary_id"])
    assert family.note == "Pengaduan: KARTU HILANG."
    stated = dict(OpeningFigure.objects.filter(family=family).values_list("kind", "value"))
    assert stated == {"members": "3", "components": "SD sederajat 1", "amount": "975000"}
    run = book(line(1, complaint="KARTU HILANG", amount="225000"))
    assert run.changed == 1, answers(run)
    family.refresh_from_db()
    assert family.note == "Pengaduan: KARTU HILANG."
    assert OpeningFigure.objects.get(family=family, kind="amount").value == "225000"


def test_the_field_keeps_its_address_when_the_list_comes_again(book, bring: Bring) -> None:
    book(line(1, rt="011"))
    bring([row(1, rt="004", hamlet="DUSUN II")])
    family = Family.objects.get(dtks_id=row(1)["beneficiary_id"])
    assert (family.rt, family.hamlet) == ("011", "DUSUN II")


def test_one_family_on_two_lines_is_refused_on_both(book) -> None:
    run = book(line(1), line(1))
    assert run.refused == 2
