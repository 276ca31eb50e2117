"""Where members without a school or post are served: a known facility, or one noted now, with or without a code."""

from __future__ import annotations

import re
from collections.abc import Collection

from harapan.audit import log
from harapan.core.components import GROUP_OF, Component, Group
from harapan.core.errors import Refused
from harapan.core.names import name_key
from harapan.database.scope import atomic
from harapan.registry.models import ComponentSpell, Facility

# NPSN: 8 digits, or a letter and 7 (PKBM, PAUD); NSM of a madrasah: 12; posyandu and social care mostly have none.
CODES = {Facility.Kind.SCHOOL: r"[A-Z]?\d{7,8}|\d{12}", Facility.Kind.HEALTH: r"[A-Z0-9.-]{0,20}",
         Facility.Kind.WELFARE: r"[A-Z0-9.-]{0,20}"}  # fmt: skip
SIDES = {
    Facility.Kind.SCHOOL: (Group.EDUCATION,),
    Facility.Kind.HEALTH: (Group.HEALTH, Group.WELFARE),
    Facility.Kind.WELFARE: (Group.WELFARE,),
}


def components_at(kind: Facility.Kind) -> list[int]:
    """The components that such a facility serves."""
    return [int(component) for component in Component if GROUP_OF[component] in SIDES[kind]]


def note_facility(kind: Facility.Kind, *, name: str, code: str, level: str, region_no: int) -> Facility:
    """The facility of that code, or without one of that name and place; noted where nobody has yet.

    Raises Refused for a code that is none of its kind, and without a name.
    """
    code, name = code.strip().upper(), " ".join(name.split())
    if not re.fullmatch(CODES[kind], code):
        raise Refused(
            "“{code}” bukan NPSN (8 angka, atau satu huruf dan 7 angka) atau NSM (12 angka). Periksa lagi nomornya.",
            code=code,
        )
    if not name:
        raise Refused("Nama tempat layanan masih kosong. Tulis namanya, misalnya Posyandu Melati 2.")
    about = {"name": name[:120], "name_key": name_key(name)[:120], "level": level.strip()[:10], "region_id": region_no}
    with atomic():
        if code:
            found, made = Facility.objects.get_or_create(kind=kind, code=code, defaults=about)
        else:
            key = {"kind": kind, "code": "", "name_key": about["name_key"], "region_id": region_no}
            known = Facility.objects.filter(**key).order_by("pk").first()
            found, made = known or Facility.objects.create(**{**about, **key}), known is None
        if made:
            log.record("facility.noted", kind="facility", subject=found.pk, body={"kind": kind, "code": code})
    return found


def place(facility: Facility, members: Collection[int], *, component: Component | None = None) -> int:
    """Note that these members are served there, where nobody has said otherwise; how many."""
    kind = Facility.Kind(facility.kind)
    wanted = components_at(kind) if component is None else [int(component)]
    with atomic():
        spells = ComponentSpell.objects.filter(
            member__in=members, facility__isnull=True, spell__upper_inf=True, component__in=wanted
        )
        number = spells.update(facility=facility)
        log.record("facility.placed", kind="facility", subject=facility.pk, body={"members": number})
    return number
