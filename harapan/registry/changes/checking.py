"""What a request contradicts: asked before it is sent and again before it is applied, for facts move meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.core.components import Component
from harapan.core.names import name_key
from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.periods import format_date
from harapan.policy.reader import default_policy
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.changes.asked import READERS, Asked
from harapan.registry.changes.errors import Contradiction
from harapan.registry.changes.fields import title
from harapan.registry.models import ComponentSpell, Enrolment, Family, Member, PaymentAccount

Check = Callable[[Asked], None]
RETURN = "rejoin"  # the one kind that is about a member who is away


def check(asked: Asked, *, on: date) -> None:
    """Raises Contradiction, or Unreadable for a number that cannot be one."""
    for name in asked.kind.fields:
        if name in asked.kind.required and not asked.text(name).strip():
            raise Contradiction("Isian {field} masih kosong. Isi, lalu kirim lagi.", field=title(asked.kind.code, name))
        if name in READERS and asked.text(name):
            READERS[name](asked.text(name))
    _day(asked, on)
    if "member" in asked.kind.fields:
        _known(asked, asked.member)
        if asked.kind.code != RETURN:
            _present(asked, asked.member)
    _CHECKS.get(asked.kind.code, _nothing)(asked)


def _nothing(asked: Asked) -> None:
    """Nothing more to ask of this kind."""


def _law(name: str, day: date) -> Any:
    return default_policy().value(f"changes.{name}", on=day).value


def _day(asked: Asked, on: date) -> None:
    if asked.on > on:
        raise Contradiction("Tanggal {day} belum tiba. Tulis tanggal kejadiannya.", day=format_date(asked.on))
    if asked.kind.code == "identity":
        return
    most = int(_law("back_days_max", on))
    if asked.on < on - timedelta(days=most):
        raise Contradiction(
            "Tanggal {day} lebih dari {most} hari yang lalu; tahap pada masa itu sudah ditutup. Tulis tanggal yang "
            "lebih baru, atau minta pusat memperbaikinya.", day=format_date(asked.on), most=most,
        )  # fmt: skip
    spells = Enrolment.objects.filter(family=asked.family).order_by("spell")
    first = next((spell.spell.lower for spell in spells if spell.spell.lower), None)
    if first is not None and asked.on < first:
        raise Contradiction(
            "Tanggal {day} sebelum keluarga ini menjadi peserta, {first}. Periksa tanggalnya.",
            day=format_date(asked.on), first=format_date(first),
        )  # fmt: skip


def _known(asked: Asked, member: Member | None) -> Member:
    """A living member of this family, here or away."""
    if member is None:
        raise Contradiction("Anggota itu tidak ada di keluarga {name}. Pilih lagi.", name=asked.family.name)
    if member.died_on:
        raise Contradiction(
            "{name} sudah tercatat meninggal {day}. Bila keliru, balikkan pemutakhiran kematiannya.",
            name=member.name, day=format_date(member.died_on),
        )  # fmt: skip
    return member


def _present(asked: Asked, member: Member | None) -> Member:
    member = _known(asked, member)
    if member.left_on:
        raise Contradiction(
            "{name} sudah tercatat keluar dari keluarga ini sejak {day}. Pilih anggota lain, atau ajukan dahulu bahwa "
            "ia kembali.", name=member.name, day=format_date(member.left_on),
        )  # fmt: skip
    if member.born_on and asked.on < member.born_on and asked.kind.code != "identity":
        raise Contradiction(
            "Tanggal {day} sebelum {name} lahir, {born}. Periksa tanggalnya.",
            day=format_date(asked.on), name=member.name, born=format_date(member.born_on),
        )  # fmt: skip
    return member


def _age(member: Member, on: date) -> int | None:
    if member.born_on is None:
        return None
    born = member.born_on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _free_nik(asked: Asked, *, but: int = 0) -> None:
    nik = asked.text("nik")
    bearer = Member.objects.filter(nik_ix=nik).exclude(pk=but).first() if nik else None
    if bearer is not None:
        raise Contradiction(
            "NIK itu sudah tercatat pada {name}. Selesaikan data ganda itu lebih dahulu, atau periksa nomornya.",
            name=bearer.name,
        )


def _fits_nik(nik: str, born_on: date | None, sex: int, on: date) -> None:
    """A NIK tells the birth date and the sex; where papers differ one of them is wrong."""
    if not nik:
        return
    if born_on and birth_date_of(nik, on=on).strftime("%d%m%y") != born_on.strftime("%d%m%y"):
        raise Contradiction(
            "Tanggal lahir {born} tidak sama dengan yang ada di dalam NIK. Cocokkan dengan KTP atau akta.",
            born=format_date(born_on),
        )
    if sex and sex_of(nik) is not (Sex.FEMALE if sex == Member.Sex.FEMALE else Sex.MALE):
        raise Contradiction("Jenis kelamin tidak sama dengan yang ada di dalam NIK. Cocokkan dengan KTP atau akta.")


def _newcomer(asked: Asked) -> None:
    born = asked.day("born_on") or asked.on
    if born > asked.on:
        raise Contradiction(
            "Tanggal lahir {born} sesudah tanggal masuknya. Periksa tanggalnya.", born=format_date(born)
        )
    _free_nik(asked)
    _fits_nik(asked.text("nik"), born, asked.number("sex"), asked.on)
    key = name_key(asked.text("name"))
    same = [row for row in asked.members.values() if row.name_key == key and row.born_on in (None, born)]
    if same:
        raise Contradiction(
            "{name} sudah tercatat sebagai anggota keluarga ini. Bila keliru, pakai perbaikan identitas.",
            name=same[0].name,
        )


def _death(asked: Asked) -> None:
    heir = asked.heir
    if asked.text("heir"):
        if heir is None or heir == asked.member:
            raise Contradiction("Ahli waris harus anggota lain keluarga ini. Pilih lagi.")
        _grown(asked, _present(asked, heir))
    elif asked.member and asked.member.manager:
        others = [row for row in asked.members.values() if row != asked.member and not (row.died_on or row.left_on)]
        grown = [row for row in others if (_age(row, asked.on) or 0) >= int(_law("manager_age_min", asked.on))]
        if grown:
            raise Contradiction(
                "{name} adalah pengurus dan masih ada anggota dewasa ({heir}). Pilih ahli waris yang menjadi pengurus.",
                name=asked.member.name, heir=grown[0].name,
            )  # fmt: skip


def _grown(asked: Asked, member: Member) -> None:
    age, least = _age(member, asked.on), int(_law("manager_age_min", asked.on))
    if age is not None and age < least:
        raise Contradiction(
            "{name} berumur {age} tahun; pengurus paling muda {least} tahun. Pilih anggota lain.",
            name=member.name, age=age, least=least,
        )  # fmt: skip


def _manager(asked: Asked) -> None:
    member = asked.member
    assert member is not None  # noqa: S101 - checked
    if member.manager:
        raise Contradiction("{name} sudah menjadi pengurus. Pilih anggota lain.", name=member.name)
    _grown(asked, member)


def _leaves(asked: Asked) -> None:
    if asked.member and asked.member.manager:
        raise Contradiction(
            "{name} adalah pengurus. Ajukan dahulu ganti pengurus, lalu catat kepindahannya.", name=asked.member.name
        )


def _returns(asked: Asked) -> None:
    member = asked.member
    assert member is not None  # noqa: S101 - checked
    if member.left_on is None:
        raise Contradiction("{name} tercatat ada di keluarga ini. Pilih anggota yang keluar.", name=member.name)
    if asked.on <= member.left_on:
        raise Contradiction(
            "{name} keluar sejak {left}; kembalinya {day} harus sesudah itu. Periksa tanggalnya, atau balikkan "
            "pemutakhiran keluarnya bila ia tidak pernah keluar.",
            name=member.name, left=format_date(member.left_on), day=format_date(asked.on),
        )  # fmt: skip
    for other in asked.members.values():
        same = other.name_key == member.name_key and other.born_on == member.born_on
        if same and other != member and not (other.died_on or other.left_on):
            raise Contradiction(
                "{name} sudah tercatat masuk lagi sebagai anggota baru. Tidak perlu dicatat kembali.", name=other.name
            )


def _school(asked: Asked) -> None:
    member, level = asked.member, asked.text("schooling")
    ages = _law("school_ages", asked.on)
    assert member is not None  # noqa: S101 - checked
    if asked.facility is None or asked.facility.kind != "school":
        raise Contradiction("Sekolah itu tidak tercatat. Pilih dari daftarnya, atau minta petugas data menambahkannya.")
    age = _age(member, asked.on)
    low, high = ages[level]
    if age is not None and not low <= age <= high:
        raise Contradiction(
            "{name} berumur {age} tahun; jenjang itu untuk umur {low} sampai {high}. Periksa jenjang atau tanggal "
            "lahirnya.", name=member.name, age=age, low=low, high=high,
        )  # fmt: skip


def _pregnancy(asked: Asked) -> None:
    member = asked.member
    assert member is not None  # noqa: S101 - checked
    if member.sex == Member.Sex.MALE:
        raise Contradiction(
            "{name} tercatat laki-laki. Pilih anggota lain, atau perbaiki identitasnya.", name=member.name
        )
    low, high = _law("pregnancy_ages", asked.on)
    age = _age(member, asked.on)
    if age is not None and not low <= age <= high:
        raise Contradiction(
            "{name} berumur {age} tahun; kehamilan dicatat untuk umur {low} sampai {high}. Periksa tanggal lahirnya.",
            name=member.name, age=age, low=low, high=high,
        )  # fmt: skip
    if _pregnant(member, asked.on):
        raise Contradiction("{name} sudah tercatat hamil pada {day}.", name=member.name, day=format_date(asked.on))


def _pregnant(member: Member, day: date) -> bool:
    spells = ComponentSpell.objects.filter(member=member, component=Component.PREGNANT)
    return spells.filter(spell__overlap=DateRange(day, None)).exists()


def _pregnancy_end(asked: Asked) -> None:
    member = asked.member
    assert member is not None  # noqa: S101 - checked
    open_ones = ComponentSpell.objects.filter(
        member=member, component=Component.PREGNANT, spell__contains=asked.on
    )  # fmt: skip
    if not open_ones.exists():
        raise Contradiction(
            "{name} tidak tercatat hamil pada {day}. Catat dahulu kehamilannya.",
            name=member.name, day=format_date(asked.on),
        )  # fmt: skip


def _move(asked: Asked) -> None:
    number = asked.number("village")
    found = Region.objects.filter(no=number).first()
    if found is None or found.level != codes.Level.VILLAGE:
        raise Contradiction(
            "Desa dengan kode {code} tidak ada di daftar Kemendagri. Periksa kodenya, misalnya 63.05.03.2009.",
            code=codes.dotted(number) if number else asked.text("village"),
        )
    if found.until is not None and found.until <= asked.on:
        raise Contradiction("Desa {name} tidak lagi berlaku sejak {day}. Pilih desa penerusnya.",
                            name=found.name, day=format_date(found.until))  # fmt: skip
    same = [
        (number, asked.family.region_id),
        *((asked.text(n), getattr(asked.family, n)) for n in ("address", "rt", "rw")),
    ]
    if all(new == old for new, old in same):
        raise Contradiction("Alamat itu sama dengan yang tercatat. Tidak ada yang perlu diubah.")


def _identity(asked: Asked) -> None:
    member = asked.member
    assert member is not None  # noqa: S101 - checked
    if not any(asked.text(name) for name in ("name", "born_on", "nik", "kk")):
        raise Contradiction(
            "Tidak ada yang diperbaiki. Isi paling sedikit satu dari nama, tanggal lahir, NIK, atau KK."
        )
    _free_nik(asked, but=member.pk)
    nik = asked.text("nik") or (member.nik.open() if member.nik else "")
    born = asked.day("born_on")
    if asked.text("nik") or born:
        _fits_nik(nik, born or member.born_on, member.sex, asked.on)


def _account(asked: Asked) -> None:
    number, card, bank = asked.text("account"), asked.text("card"), asked.text("bank").upper()
    now = PaymentAccount.objects.filter(family=asked.family, spell__contains=asked.on).first()
    if now is not None and now.bank == bank and not card and number in ("", now.number.open() if now.number else ""):
        raise Contradiction("Rekening itu sama dengan yang tercatat. Tulis nomor rekening atau kartu yang baru.")
    other = PaymentAccount.objects.filter(number_ix=number).exclude(family=asked.family).first() if number else None
    if other is not None:
        name = Family.objects.filter(pk=other.family_id).values_list("name", flat=True).first() or ""
        raise Contradiction(
            "Nomor rekening itu sudah tercatat pada keluarga {name}. Cocokkan dengan buku tabungannya.", name=name
        )


_CHECKS: dict[str, Check] = {
    "birth": _newcomer, "enter": _newcomer, "death": _death, "leave": _leaves, "marriage": _leaves, "rejoin": _returns,
    "school": _school,
    "pregnancy": _pregnancy, "pregnancy_end": _pregnancy_end, "manager": _manager, "move": _move,
    "identity": _identity, "account": _account,
}  # fmt: skip
