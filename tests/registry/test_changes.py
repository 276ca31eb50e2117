"""Data changes: what contradicts is refused in words, two people decide, and a counter-entry restores every fact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.core.errors import Refused, Unreadable
from harapan.database.scope import Scope
from harapan.files import storage
from harapan.registry.actions import NotYours
from harapan.registry.changes import deciding, outside
from harapan.registry.changes.asked import values_of
from harapan.registry.changes.errors import Contradiction, NotDecidable
from harapan.registry.changes.kinds import default_kinds
from harapan.registry.changes.sheets import sheet
from harapan.registry.models import (
    NO_GROUP,
    Change,
    ComponentSpell,
    Enrolment,
    Facility,
    Family,
    Member,
    PaymentAccount,
)
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person

ON = date(2025, 5, 20)
DAY = "2025-05-01"
LEFT = date(2025, 3, 1)
NIK = "6305026602930007"  # a woman born 26 February 1993


@pytest.fixture
def family(world: World) -> Family:
    """A mother who is paid (born 4 March 1988), a grown sister, a school child of ten and a toddler."""
    made = world.family(Component.PRIMARY, Component.TODDLER, village=CEMPAKA, name="SITI AMINAH")
    Member.objects.filter(family=made, manager=True).update(sex=Member.Sex.FEMALE)
    Member.objects.create(
        family=made, name="RUKAYAH", name_key="RUKAYAH", sex=Member.Sex.FEMALE, born_on=date(1990, 1, 2)
    )
    return made


@pytest.fixture
def school(world: World) -> Facility:
    return Facility.objects.create(kind="school", code="30301234", name="SDN 1", name_key="SDN 1", region_id=CEMPAKA)


@pytest.fixture
def asker(world: World) -> Post:
    return person("facilitator", groups=(world.groups[CEMPAKA].pk,))


@pytest.fixture
def decider(world: World) -> Post:
    return person("regency_coordinator", regions=(TAPIN,))


def who(family: Family, name: str) -> str:
    return str(Member.objects.get(family=family, name__startswith=name).pk)


def values(kind: str, family: Family, school: Facility) -> dict[str, str]:
    """A request of the kind that contradicts nothing."""
    mother, sister = who(family, "SITI"), who(family, "RUKAYAH")
    pupil = who(family, "ANAK PRIMARY")
    return {"effective_on": DAY} | {
        "birth": {"name": "Nur Aisyah", "sex": "2"},
        "death": {"member": mother, "heir": sister},
        "leave": {"member": sister},
        "rejoin": {"member": sister},
        "enter": {"name": "Hamidah", "sex": "2", "born_on": "1993-02-26", "nik": NIK, "relation": "other"},
        "move": {"village": str(HIYUNG), "address": "JL. BARU", "rt": "001"},
        "school": {"member": pupil, "schooling": "primary", "facility": str(school.pk), "grade": "4"},
        "pregnancy": {"member": mother, "ordinal": "1"},
        "pregnancy_end": {"member": mother, "ending": "birth"},
        "marriage": {"member": sister},
        "manager": {"member": sister},
        "identity": {"member": mother, "nik": "6305024403880001", "kk": "6305020101010077"},
        "account": {"bank": "BRI", "account": "330201000123456"},
    }[kind]


def ready(change: Change, by: Post) -> Change:
    """With every paper it needs."""
    for any_of in deciding.missing_proofs(change):
        file = storage.store(
            f"{any_of[0]}.pdf", kind="evidence", contents=b"%PDF-1.7 " + any_of[0].encode(), owner=by.user_id,
            region_no=change.region_no, group_no=change.group_no,
        )  # fmt: skip
        deciding.add_proof(change.pk, any_of[0], file, by=by.user, on=ON)
    return change


def facts(family: Family) -> dict[str, Any]:
    """Everything the registry says of the family, numbers in full; keys of spells left out."""
    family.refresh_from_db()
    members = {
        row.pk: (row.name, row.manager, row.relation, row.sex, row.born_on, row.died_on, row.left_on,
                 row.nik.open() if row.nik else None)
        for row in Member.objects.filter(family=family)
    }  # fmt: skip
    spells = sorted(
        ComponentSpell.objects.filter(family=family).values_list(
            "member_id", "component", "facility_id", "grade", "spell__startswith", "spell__endswith"
        ),
        key=str,
    )
    accounts = sorted(
        ((a.bank, a.number.open() if a.number else "", a.spell.lower, a.spell.upper) for a in
         PaymentAccount.objects.filter(family=family)), key=str,
    )  # fmt: skip
    enrolled = sorted(str(row.spell) for row in Enrolment.objects.filter(family=family))
    return {
        "name": family.name, "region": family.region_id, "group": family.group_id, "address": family.address,
        "kk": family.kk.open() if family.kk else None, "members": members, "spells": spells, "accounts": accounts,
        "enrolled": enrolled,
    }  # fmt: skip


def before_it(kind: str, family: Family) -> None:
    if kind == "pregnancy_end":
        mother = Member.objects.get(family=family, manager=True)
        ComponentSpell.objects.create(
            family=family, member=mother, component=Component.PREGNANT, spell=(date(2024, 9, 1), None), source="field"
        )
    if kind == "rejoin":
        Member.objects.filter(pk=who(family, "RUKAYAH")).update(left_on=LEFT)


@pytest.mark.parametrize("kind", [code for code, _title in default_kinds().codes()])
def test_what_is_applied_changes_facts_and_a_counter_entry_restores_them(
    kind: str, family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    before_it(kind, family)
    was = facts(family)
    change = deciding.ask(family.pk, kind, values(kind, family, school), by=asker.user, on=ON)
    assert deciding.ask(family.pk, kind, values(kind, family, school), by=asker.user, on=ON) == change  # a double click
    with pytest.raises(NotDecidable, match="belum lengkap"):
        deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    ready(change, asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    now = facts(family)
    assert now != was
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)  # a double click
    assert facts(family) == now
    counter = deciding.reverse(change.pk, by=decider.user, post=decider, on=ON, why="tercatat pada keluarga lain")
    assert deciding.reverse(change.pk, by=decider.user, post=decider, on=ON, why="tercatat dua kali") == counter
    assert facts(family) == was
    assert list(Change.objects.order_by("pk").values_list("state", flat=True)) == ["reversed", "applied"]
    assert Entry.objects.filter(verb__in=["change.asked", "change.applied", "change.reversed"]).count() == 3


def test_a_death_makes_the_heir_the_one_who_is_paid(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    change = ready(deciding.ask(family.pk, "death", values("death", family, school), by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    family.refresh_from_db()
    assert family.name == "RUKAYAH"
    assert Member.objects.get(family=family, manager=True).name == "RUKAYAH"
    assert Member.objects.get(name="SITI AMINAH").died_on == date(2025, 5, 1)
    assert Enrolment.objects.get(family=family).spell.upper is None


def test_a_death_without_an_heir_ends_the_membership(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    Member.objects.filter(family=family, name="RUKAYAH").update(born_on=date(2015, 1, 1))
    told = values("death", family, school) | {"heir": ""}
    change = ready(deciding.ask(family.pk, "death", told, by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    ended = Enrolment.objects.get(family=family)
    assert (ended.spell.upper, ended.ended_because) == (date(2025, 5, 2), "pengurus meninggal tanpa ahli waris")


def test_who_comes_back_counts_again_from_that_day_for_what_the_leaving_ended(
    family: Family, asker: Post, decider: Post
) -> None:
    child = Member.objects.get(family=family, name="ANAK PRIMARY")
    ComponentSpell.objects.filter(member=child).update(grade="4", student_no="0101010101")

    def done(kind: str, day: str) -> Change:
        asked = {"member": str(child.pk), "effective_on": day}
        change = ready(deciding.ask(family.pk, kind, asked, by=asker.user, on=ON), asker)
        return deciding.approve(change.pk, by=decider.user, post=decider, on=ON)

    left, back = done("leave", "2025-03-01"), done("rejoin", "2025-05-01")
    child.refresh_from_db()
    assert child.left_on is None
    spells = ComponentSpell.objects.filter(member=child, component=Component.PRIMARY).order_by("spell")
    ends = [(row.spell.upper, row.grade, row.student_no) for row in spells]
    assert ends == [(date(2025, 3, 1), "4", "0101010101"), (None, "4", "0101010101")]
    assert spells[1].spell.lower == date(2025, 5, 1)
    with pytest.raises(NotDecidable, match="Balikkan dahulu yang lebih baru"):
        deciding.reverse(left.pk, by=decider.user, post=decider, on=ON, why="ternyata tidak pernah pindah")
    deciding.reverse(back.pk, by=decider.user, post=decider, on=ON, why="baru kembali bulan depan")
    child.refresh_from_db()
    assert child.left_on == date(2025, 3, 1)


def test_a_move_to_another_kecamatan_leaves_the_group(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    change = ready(deciding.ask(family.pk, "move", values("move", family, school), by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    family.refresh_from_db()
    assert (family.region_id, family.group_id, family.address) == (HIYUNG, NO_GROUP, "JL. BARU")
    assert set(Member.objects.filter(family=family).values_list("region_no", flat=True)) == {HIYUNG}


CONTRADICTIONS = [
    # kind, what is told otherwise, words of the refusal
    ("birth", {"effective_on": "2025-06-01"}, "belum tiba"),
    ("birth", {"effective_on": "2023-01-01"}, "365 hari yang lalu"),
    ("birth", {"name": ""}, "Nama sesuai dokumen masih kosong"),
    ("birth", {"name": "ANAK TODDLER", "effective_on": DAY, "again": "TODDLER"}, "sudah tercatat sebagai anggota"),
    ("birth", {"nik": "6305024105250001", "effective_on": "2025-05-02"}, "tidak sama dengan yang ada di dalam NIK"),
    ("enter", {"sex": "1"}, "Jenis kelamin tidak sama"),
    ("enter", {"nik": "6305020000000000"}, "NIK"),
    ("death", {"heir": ""}, "Pilih ahli waris"),
    ("death", {"heir": "self"}, "anggota lain"),
    ("death", {"heir": "ANAK PRIMARY"}, "paling muda 17 tahun"),
    ("leave", {"member": "SITI"}, "Ajukan dahulu ganti pengurus"),
    ("leave", {"member": "999"}, "tidak ada di keluarga"),
    ("rejoin", {"member": "ANAK PRIMARY"}, "tercatat ada di keluarga"),
    ("rejoin", {"away": "RUKAYAH", "effective_on": LEFT.isoformat()}, "harus sesudah itu"),
    ("rejoin", {"away": "RUKAYAH", "again": "RUKAYAH"}, "sudah tercatat masuk lagi"),
    ("leave", {"away": "RUKAYAH"}, "ajukan dahulu bahwa ia kembali"),
    ("move", {"village": "6305030001"}, "tidak ada di daftar Kemendagri"),
    ("school", {"schooling": "senior"}, "jenjang itu untuk umur"),
    ("school", {"facility": "999"}, "Sekolah itu tidak tercatat"),
    ("school", {"student_no": "12"}, "NISN"),
    ("pregnancy", {"member": "ANAK TODDLER"}, "kehamilan dicatat untuk umur"),
    ("pregnancy_end", {"nothing": "before"}, "tidak tercatat hamil"),
    ("manager", {"member": "SITI"}, "sudah menjadi pengurus"),
    ("manager", {"member": "ANAK PRIMARY"}, "paling muda 17 tahun"),
    ("identity", {"nik": "", "kk": ""}, "Tidak ada yang diperbaiki"),
]


@pytest.mark.parametrize(("kind", "told", "words"), CONTRADICTIONS, ids=[f"{c[0]}-{c[2][:24]}" for c in CONTRADICTIONS])
def test_what_contradicts_is_refused_in_words(
    kind: str, told: dict[str, str], words: str, family: Family, school: Facility, asker: Post
) -> None:
    asked = values(kind, family, school) | told
    if told.get("again") == "TODDLER":
        Member.objects.filter(family=family, name="ANAK TODDLER").update(born_on=None)
    if away := told.get("away"):
        gone = Member.objects.get(family=family, name=away)
        Member.objects.filter(pk=gone.pk).update(left_on=LEFT)
        if told.get("again"):
            Member.objects.create(family=family, name=away, name_key=away, born_on=gone.born_on)
    for name in ("member", "heir"):
        if asked.get(name) == "self":
            asked[name] = asked["member"]
        elif asked.get(name) and not asked[name].isdigit():
            asked[name] = who(family, asked[name])
    with pytest.raises((Contradiction, Unreadable), match=words):
        deciding.ask(family.pk, kind, asked, by=asker.user, on=ON)
    assert not Change.objects.exists()


def test_a_number_of_another_family_is_refused(world: World, family: Family, school: Facility, asker: Post) -> None:
    other = world.family(village=CEMPAKA, name="JAMILAH")
    member = Member.objects.get(family=other)
    member.nik = NIK
    member.save()
    account = PaymentAccount.objects.get(family=other)
    account.number = "330201000123456"
    account.save()
    with pytest.raises(Contradiction, match="sudah tercatat pada JAMILAH"):
        deciding.ask(family.pk, "enter", values("enter", family, school), by=asker.user, on=ON)
    with pytest.raises(Contradiction, match="sudah tercatat pada keluarga JAMILAH"):
        deciding.ask(family.pk, "account", values("account", family, school), by=asker.user, on=ON)


def test_the_asker_never_decides_nor_whoever_may_not(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    own = ready(deciding.ask(family.pk, "leave", values("leave", family, school), by=decider.user, on=ON), decider)
    with pytest.raises(NotDecidable, match="Anda sendiri"):
        deciding.approve(own.pk, by=decider.user, post=decider, on=ON)
    with pytest.raises(NotDecidable, match="diputuskan oleh petugas data"):
        deciding.approve(own.pk, by=asker.user, post=asker, on=ON)
    with pytest.raises(Refused, match="Tulis alasannya"):
        deciding.refuse(own.pk, by=asker.user, post=asker, on=ON, why="")
    officer = person("data_officer", regions=(TAPIN,))
    refused = deciding.refuse(own.pk, by=officer.user, post=officer, on=ON, why="surat pindah bukan milik anggota ini")
    assert refused.state == "refused"
    with pytest.raises(NotDecidable, match="sudah ditolak"):
        deciding.approve(own.pk, by=officer.user, post=officer, on=ON)


def test_the_second_of_two_requests_is_told_what_the_first_did(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    first = ready(deciding.ask(family.pk, "leave", values("leave", family, school), by=asker.user, on=ON), asker)
    second = ready(deciding.ask(family.pk, "manager", values("manager", family, school), by=asker.user, on=ON), asker)
    told = values("leave", family, school) | {"effective_on": "2025-05-03"}
    with pytest.raises(Contradiction, match="sudah diajukan"):
        deciding.ask(family.pk, "leave", told, by=decider.user, on=ON)
    deciding.approve(first.pk, by=decider.user, post=decider, on=ON)
    with pytest.raises(Contradiction, match="Anggota pindah keluar diterapkan oleh PETUGAS"):
        deciding.approve(second.pk, by=decider.user, post=decider, on=ON)


def test_what_others_have_built_on_is_not_taken_back(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    birth = ready(deciding.ask(family.pk, "birth", values("birth", family, school), by=asker.user, on=ON), asker)
    deciding.approve(birth.pk, by=decider.user, post=decider, on=ON)
    child = Member.objects.get(name="Nur Aisyah")
    ComponentSpell.objects.create(
        family=family, member=child, component=Component.DISABILITY, spell=(ON, None), source="field"
    )
    with pytest.raises(NotDecidable, match="Balikkan dahulu yang lebih baru"):
        deciding.reverse(birth.pk, by=decider.user, post=decider, on=ON, why="bukan anak keluarga ini")
    assert Member.objects.filter(name="Nur Aisyah").exists()


def test_out_of_the_own_region_nobody_is_moved(family: Family, school: Facility, asker: Post, decider: Post) -> None:
    told = values("move", family, school) | {"village": str(BAMBAN)}
    change = ready(deciding.ask(family.pk, "move", told, by=asker.user, on=ON), asker)
    with pytest.raises(NotDecidable, match="di luar wilayah kerja"):
        deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    with pytest.raises(NotYours):
        deciding.ask(0, "move", told, by=asker.user, on=ON)


def test_numbers_are_sealed_and_come_back(family: Family, school: Facility, asker: Post) -> None:
    change = deciding.ask(family.pk, "enter", values("enter", family, school), by=asker.user, on=ON)
    change.refresh_from_db()
    assert NIK not in str(change.told)
    assert values_of(change)["nik"] == NIK


def test_what_no_list_has_shown_becomes_a_task_after_so_many_days(
    system: Scope, family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    change = ready(deciding.ask(family.pk, "leave", values("leave", family, school), by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    assert list(outside.to_enter()) == [change]
    assert not outside.unreflected(ON + timedelta(days=90)).exists()  # it is waited for where SIKS-NG was told
    with pytest.raises(Refused, match="Tulis buktinya"):
        outside.enter(change.pk, entered_on=ON, note="", by=asker.user, on=ON)
    outside.enter(change.pk, entered_on=ON, note="usulan 123 di SIKS-NG", by=asker.user, on=ON)
    assert not outside.to_enter().exists()
    assert not outside.unreflected(ON + timedelta(days=89)).exists()
    assert list(outside.unreflected(ON + timedelta(days=90))) == [change]


@pytest.mark.parametrize(
    ("kind", "back"),
    [
        ("move", {"village": (str(HIYUNG), str(CEMPAKA)), "address": ("JL. BARU", "")}),
        ("manager", {"member": ("RUKAYAH", "SITI AMINAH")}),
        ("school", {"facility": ("SDN 1", ""), "grade": ("4", "")}),
        ("account", {"bank": ("BRI", "BRI"), "account": ("330201000123456", "")}),
        ("death", {"member": ("SITI AMINAH", "SITI AMINAH"), "heir": ("RUKAYAH", ""), "effective_on": (DAY, "")}),
        ("birth", {"name": ("Nur Aisyah", "")}),
    ],
)
def test_what_was_heard_of_outside_and_taken_back_is_to_be_entered_as_it_was_before(
    kind: str, back: dict[str, tuple[str, str]], family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    change = ready(deciding.ask(family.pk, kind, values(kind, family, school), by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    outside.enter(change.pk, entered_on=ON, note="usulan 118", by=asker.user, on=ON)
    counter = deciding.reverse(change.pk, by=decider.user, post=decider, on=ON, why="Ternyata keliru dicatat.")
    assert list(outside.to_enter()) == [counter]
    named = {str(member.pk): member.name for member in Member.objects.filter(family=family)} | {str(school.pk): "SDN 1"}
    said = {
        line.name: (named.get(line.stood, line.stood), named.get(line.value, line.value))
        for line in sheet(counter, family) if line.name in back
    }  # fmt: skip
    assert said == back
    outside.enter(counter.pk, entered_on=ON, note="usulan 131", by=asker.user, on=ON)
    assert not outside.to_enter().exists()
    assert not outside.unreflected(ON + timedelta(days=89)).exists()
    assert list(outside.unreflected(ON + timedelta(days=90))) == [counter]


def test_what_nobody_outside_has_heard_of_is_taken_back_here_alone(
    family: Family, school: Facility, asker: Post, decider: Post
) -> None:
    change = ready(deciding.ask(family.pk, "leave", values("leave", family, school), by=asker.user, on=ON), asker)
    deciding.approve(change.pk, by=decider.user, post=decider, on=ON)
    deciding.reverse(change.pk, by=decider.user, post=decider, on=ON, why="Ternyata keliru dicatat.")
    assert not outside.to_enter().exists()
