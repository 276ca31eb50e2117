"""Data changes of a demonstration: asked by facilitators, decided by the regency, in every state; some never reached a
list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from harapan.accounts.models import User
from harapan.benefits.previewing import Preview, preview
from harapan.core.components import Component
from harapan.demo.clock import NOW
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.office import Office
from harapan.files import storage
from harapan.registry.changes import deciding, outside
from harapan.registry.changes.applying import apply
from harapan.registry.changes.asked import Asked
from harapan.registry.changes.errors import Contradiction
from harapan.registry.changes.kinds import default_kinds
from harapan.registry.models import Change, ComponentSpell, Facility, Family, Member

# (kind, what becomes of it, days ago it was asked): all of it in the regency that is shown, the first few elsewhere
PLAN = (
    ("birth", "asked", 4), ("school", "entered", 12), ("pregnancy", "applied", 20), ("death", "asked", 2),
    ("enter", "refused", 25), ("account", "entered", 15), ("leave", "unreflected", 120), ("marriage", "applied", 9),
    ("identity", "asked", 33), ("move", "applied", 40), ("manager", "asked", 6), ("birth", "unreflected", 130),
    ("pregnancy", "asked", 1), ("school", "asked", 8), ("birth", "reversed", 18), ("account", "withdrawn", 5),
)  # fmt: skip
FEW = 4
DECIDED_AFTER = timedelta(days=1)
WHY = {
    "refused": "NIK di KTP yang dilampirkan tidak terbaca; foto ulang.",
    "reversed": "Tercatat pada keluarga yang keliru.",
}


def record_changes(office: Office) -> None:
    """By the very actions that pages call. Families with a planted difficulty are left alone."""
    planted = {row for rows in office.world.planted.values() for row in rows}
    free = office.by_regency(row for row in range(len(office.world.families)) if row not in planted)
    for regency in office.regencies:
        plan = PLAN if regency == SHOWN_REGENCY else PLAN[:FEW]
        families = _families(office, free[regency])
        for kind, outcome, ago in plan:
            _one(office, regency, families, kind, outcome, NOW - timedelta(days=ago))


def _families(office: Office, rows: list[int]) -> Iterator[Family]:
    ids = [office.written.families[row] for row in rows]
    found = Family.objects.filter(pk__in=ids[:200], group__facilitator__isnull=False).select_related(
        "group__facilitator"
    )
    return iter(sorted(found, key=lambda family: family.pk))


def _one(office: Office, regency: int, families: Iterator[Family], kind: str, outcome: str, day: date) -> None:
    """On the first family for which such a change makes sense."""
    for family in families:
        values = _values(family, kind, day)
        if values is None:
            continue
        asker = family.group.facilitator
        assert asker is not None  # noqa: S101 - asked for above
        try:
            with office.acting("data_officer", regency):
                change = deciding.ask(family.pk, kind, values, by=asker, on=day)
                seen = _foreseen(Asked.of(change, family))
                Change.objects.filter(pk=change.pk).update(effect=seen.stored() if seen else None)
                _go_on(office, regency, change, asker, outcome, day)
        except Contradiction:
            continue
        return


def _foreseen(asked: Asked) -> Preview | None:
    return preview(asked.family, lambda: apply(asked), since=asked.on)


def _go_on(office: Office, regency: int, change: Change, asker: User, outcome: str, day: date) -> None:
    if outcome == "withdrawn":
        deciding.withdraw(change.pk, by=asker)
        return
    if outcome == "asked" and change.pk % 2:
        return
    _prove(change, asker, day)
    decider = office.post("regency_coordinator", regency)
    told = {"by": decider.user, "post": decider, "on": min(day + DECIDED_AFTER, NOW)}
    if outcome == "refused":
        deciding.refuse(change.pk, why=WHY["refused"], **told)  # type: ignore[arg-type]
    elif outcome != "asked":
        deciding.approve(change.pk, **told)  # type: ignore[arg-type]
    if outcome == "reversed":
        deciding.reverse(change.pk, why=WHY["reversed"], **told)  # type: ignore[arg-type]
    if outcome in ("entered", "unreflected"):
        entered = min(day + DECIDED_AFTER * 3, NOW)
        outside.enter(change.pk, entered_on=entered, note="usulan di SIKS-NG oleh operator desa", by=asker, on=NOW)


def _prove(change: Change, asker: User, day: date) -> None:
    for any_of in deciding.missing_proofs(change):
        paper = f"Peragaan: {default_kinds().proofs[any_of[0]]}, pemutakhiran {change.pk}".encode()
        file = storage.store(
            f"{any_of[0]}.pdf", kind="evidence", contents=b"%PDF-1.4\n%" + paper, owner=asker.pk,
            region_no=change.region_no, group_no=change.group_no, media_type="application/pdf",
        )  # fmt: skip
        deciding.add_proof(change.pk, any_of[0], file, by=asker, on=day)


def _values(family: Family, kind: str, day: date) -> dict[str, str] | None:
    """What a facilitator would type, or None where the family has nobody for it."""
    members = list(Member.objects.filter(family=family, died_on__isnull=True, left_on__isnull=True).order_by("pk"))
    manager = next((row for row in members if row.manager), None)
    grown = next((row for row in members if not row.manager and row.born_on and row.born_on.year < 2005), None)
    pupil = ComponentSpell.objects.filter(
        family=family, component__in=(Component.PRIMARY, Component.JUNIOR), spell__contains=day
    ).first()  # fmt: skip
    when = {"effective_on": (day - timedelta(days=3)).isoformat()}
    if manager is None:
        return None
    match kind:
        case "birth":
            young = manager.sex == Member.Sex.FEMALE and manager.born_on and manager.born_on.year > 1983
            return {**when, "name": "Muhammad Rizki", "sex": "1"} if young else None
        case "enter":
            return {**when, "name": "Salmah", "sex": "2", "born_on": "1990-05-04", "relation": "other",
                    "nik": f"630503440590{family.pk % 9000 + 1:04}"}  # fmt: skip
        case "pregnancy":
            young = manager.sex == Member.Sex.FEMALE and manager.born_on and manager.born_on.year > 1983
            return {**when, "member": str(manager.pk), "ordinal": "1"} if young else None
        case "death" | "leave" | "marriage" | "manager":
            return {**when, "member": str(grown.pk)} if grown else None
        case "school":
            return _schooling(family, pupil, when)
        case "identity":
            return {**when, "member": str(manager.pk), "name": f"{manager.name} B."}
        case "account":
            return {**when, "bank": "BNI", "account": f"0{family.pk:09}"}
        case _:
            return {**when, "village": str(family.region_id), "address": "JL. VETERAN", "rt": "002", "rw": "001"}


def _schooling(family: Family, pupil: ComponentSpell | None, when: dict[str, str]) -> dict[str, str] | None:
    if pupil is None or pupil.member.born_on is None:
        return None
    low = family.region_id // 1_000_000 * 1_000_000
    school = Facility.objects.filter(
        Q(kind="school", level=("SD" if pupil.component == Component.PRIMARY else "SMP")),
        region_id__gte=low, region_id__lt=low + 1_000_000,
    ).exclude(pk=pupil.facility_id or 0).first()  # fmt: skip
    if school is None:
        return None
    level = "primary" if pupil.component == Component.PRIMARY else "junior"
    return {**when, "member": str(pupil.member_id), "schooling": level, "facility": str(school.pk), "grade": "5"}
