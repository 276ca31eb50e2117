"""What a person decides about one family, member or group: each a sentence with who, when and why in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.names import name_key
from harapan.core.numbers import (
    Sex,
    birth_date_of,
    read_account,
    read_card,
    read_kk,
    read_nik,
    read_phone,
    sex_of,
)
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.fields import Sealed
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.registry.models import NO_GROUP, Family, Group, Member, PaymentAccount, Question, Source

CHANGEABLE = ("name", "kk", "phone", "address", "rt", "rw", "hamlet", "note")
READERS = {"kk": read_kk, "phone": read_phone, "nik": read_nik, "number": read_account, "card": read_card}
MANAGER_AGE_MIN = 17  # whoever is paid is grown up: a NIK's "20" is 1920


class NotYours(Refused):
    """The subject does not exist or lies outside the scope; which of both is not told."""

    def __init__(self, what: str) -> None:
        super().__init__(
            Phrase(
                "{what} itu tidak ada atau berada di luar wilayah kerja Anda. Kembali ke daftarnya dan pilih lagi.",
                what=what,
            )
        )


def change_family(family_id: int, *, by: User, on: date, why: str = "", **values: Any) -> Family:
    """Set fields of a family as the field knows them: name, kk, phone, address, rt, rw, hamlet, note.

    Numbers are read like those of files (Unreadable). What was set this way, a list no longer overwrites where policy
    lets the field win. Raises Refused for an unknown field or a blank name.
    """
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise Refused(
            "Isian {unknown} tidak dapat diubah di sini; yang dapat: {changeable}.",
            unknown=", ".join(sorted(unknown)),
            changeable=", ".join(CHANGEABLE),
        )
    with atomic():
        family = _locked(Family, family_id, "Keluarga")
        for name, value in _clean(values).items():
            setattr(family, name, value)
            family.sources[name] = [Source.FIELD, on.isoformat()]
        if "name" in values:
            _rename(family, family.name)
        family.save()
        log.record("family.corrected", kind="family", subject=family.pk, why=why, body={"fields": sorted(values)})
    return family


def note(family: Family, *, text: str, by: User, on: date) -> Family:
    """Write the field's note on a family; no list overwrites it."""
    return change_family(family.pk, by=by, on=on, note=text)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {}
    for name, value in values.items():
        text = str(value or "").strip()
        if name == "name" and not name_key(text):
            raise Refused("Nama tidak boleh kosong. Tulis nama sesuai KTP.")
        clean[name] = READERS[name](text).value if name in READERS else text
    return clean


def decide_question(question_id: int, *, take: bool, by: User, on: date, why: str = "") -> Question:
    """A person says which of two words stands. Taken, the value goes to its field as the field's own word.

    Raises Refused when it is decided already, or when the number taken belongs to another member in scope.
    """
    with atomic():
        question = _locked(Question, question_id, "Pertanyaan")
        if question.decided_at is not None:
            raise Refused("Pertanyaan ini sudah diputuskan. Muat ulang halamannya untuk melihat keputusannya.")
        if take:
            _take(question, question.theirs.open(), on)
        question.decided_at, question.decided_by, question.taken, question.why = timezone.now(), by, take, why[:200]
        question.save()
        log.record(
            "question.decided", kind="family", subject=question.family_id, why=why,
            body={"question": question.pk, "field": question.field, "taken": take},
        )  # fmt: skip
    return question


def _take(question: Question, value: str, on: date) -> None:
    said = [Source.FIELD, on.isoformat()]
    if question.field in ("account", "card"):
        account = PaymentAccount.objects.filter(family=question.family_id, spell__upper_inf=True).first()
        if account is None:
            raise Refused("Keluarga ini tidak lagi punya rekening yang berlaku. Tolak pertanyaannya dengan alasan itu.")
        setattr(account, "number" if question.field == "account" else "card", value)
        account.save()
        return
    family = _locked(Family, question.family_id, "Keluarga")
    if question.field == "kk":
        family.kk = value
    elif question.field == "name":
        _rename(family, value)
    else:
        _set_nik(question, value, on)
    family.sources[question.field] = said
    family.save()


def _rename(family: Family, name: str) -> None:
    """A family bears the name of its pengurus, so both change."""
    family.name, family.name_key = name, name_key(name)
    Member.objects.filter(family=family, manager=True).update(name=name, name_key=name_key(name))


def _set_nik(question: Question, nik: str, on: date) -> None:
    """The NIK, and what was only worked out from the one before."""
    bearer = Member.objects.filter(nik_ix=nik).exclude(pk=question.member_id or 0).first()
    if bearer is not None:
        raise Refused(
            "NIK itu sudah tercatat pada {bearer} di keluarga lain. Selesaikan data ganda itu lebih dahulu.",
            bearer=bearer.name,
        )
    member = Member.objects.get(pk=question.member_id or 0)
    member.nik = nik
    if member.born_source in ("", Source.DERIVED):
        member.born_source = Source.DERIVED
        member.born_on = birth_date_of(nik, on=on, years_min=MANAGER_AGE_MIN if member.manager else 0)
        member.sex = Member.Sex.FEMALE if sex_of(nik) is Sex.FEMALE else Member.Sex.MALE
    member.save()


def open_number(number: Sealed, *, family: Family, why: str, by: User) -> str:
    """A number of a person in full: the reason and who asked are in the log before it is answered.

    The caller has asked `demand(post, "family.unmask")`. Raises Refused without a reason.
    """
    way_out = Phrase("Tulis alasan melihat nomor lengkap, misalnya “mencocokkan dengan KTP saat kunjungan”.")
    demand_reason(why, way_out, on=today())
    with atomic():
        body = {"kind": number.kind, "table": number.table, "row": number.row_id}
        log.record("number.opened", kind="family", subject=family.pk, why=why.strip(), body=body)
        return number.open()


def assign_facilitator(
    group_ids: Iterable[int], facilitator: User, *, by: User, on: date, why: str = ""
) -> list[Group]:
    """Give groups to a facilitator, and write them into the post that meets groups, which decides what they see.

    Raises Refused when the person holds no such post on the day, or a group is outside the scope.
    """
    wanted = sorted(set(group_ids) - {NO_GROUP})
    with atomic():
        post = _facilitator_post(facilitator, on)
        groups = list(Group.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
        if len(groups) != len(wanted):
            raise NotYours(Phrase("Kelompok"))
        before = {group.facilitator_id for group in groups if group.facilitator_id} - {facilitator.pk}
        for group in groups:
            group.facilitator = facilitator
        Group.objects.bulk_update(groups, ["facilitator"])
        _write_groups(Post.objects.held_on(on).filter(user_id__in=sorted(before)), without=wanted)
        post.groups = sorted({*post.groups, *wanted})
        post.save(update_fields=["groups"])
        log.record("groups.assigned", kind="post", subject=post.pk, why=why, body={"groups": wanted})
    return groups


def _facilitator_post(facilitator: User, on: date) -> Post:
    posts = Post.objects.filter(user=facilitator).held_on(on).order_by("pk")
    post = next((post for post in posts if post.role.reach is Reach.GROUPS), None)
    if post is None:
        raise Refused(
            "{facilitator} tidak bertugas sebagai pendamping pada tanggal ini. Catat dulu jabatannya.",
            facilitator=facilitator.name,
        )
    return post


def _write_groups(posts: Iterable[Post], *, without: list[int]) -> None:
    for post in posts:
        left = sorted(set(post.groups) - set(without))
        if left != sorted(post.groups):
            post.groups = left
            post.save(update_fields=["groups"])


def _locked(model: Any, row_id: int, what: str) -> Any:
    row = model.objects.select_for_update(of=("self",)).filter(pk=row_id).first()
    if row is None:
        raise NotYours(what)
    return row
