"""What each kind of change does to the facts, from the day it happened. Checked before (`checking`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.core.components import GROUP_OF, Component, Group
from harapan.core.names import name_key
from harapan.policy.reader import default_policy
from harapan.regions import codes
from harapan.registry.bulk.families import channel_of
from harapan.registry.changes.asked import Asked
from harapan.registry.changes.recording import Recorder
from harapan.registry.models import NO_GROUP, ComponentSpell, Enrolment, Member, PaymentAccount, Source

Apply = Callable[[Asked, Recorder], None]
SCHOOLING = {"primary": Component.PRIMARY, "junior": Component.JUNIOR, "senior": Component.SENIOR}
TOMORROW = timedelta(days=1)
WITHOUT_HEIR = "pengurus meninggal tanpa ahli waris"


def apply(asked: Asked) -> Recorder:
    """Write the facts; the steps taken. The caller holds the lock on the family and has checked."""
    recorder = Recorder()
    _APPLY[asked.kind.code](asked, recorder)
    return recorder


def _birth(asked: Asked, recorder: Recorder) -> None:
    child = _new_member(asked, recorder, born_on=asked.on, relation=Member.Relation.CHILD)
    _count(asked, recorder, child, Component.TODDLER, asked.on)


def _enter(asked: Asked, recorder: Recorder) -> None:
    _new_member(asked, recorder, born_on=asked.day("born_on"), relation=asked.text("relation"))


def _new_member(asked: Asked, recorder: Recorder, *, born_on: date | None, relation: str) -> Member:
    made: Member = recorder.add(
        Member, family=asked.family, name=asked.text("name"), name_key=name_key(asked.text("name")),
        sex=asked.number("sex"), born_on=born_on, born_source=Source.FIELD, relation=relation,
        nik=asked.text("nik") or None, sources={"name": [Source.FIELD, asked.on.isoformat()]},
    )  # fmt: skip
    return made


def _count(asked: Asked, recorder: Recorder, member: Member, component: Component, since: date, **about: Any) -> None:
    recorder.add(
        ComponentSpell, family=asked.family, member=member, component=component, spell=DateRange(since, None),
        facility=asked.facility, source=Source.FIELD, **about,
    )  # fmt: skip


def _running(member: Member, *components: Component, on: date) -> list[ComponentSpell]:
    """Spells of the member that have not ended by the day, of these components or of all."""
    spells = ComponentSpell.objects.filter(member=member, spell__overlap=DateRange(on, None))
    if components:
        spells = spells.filter(component__in=components)
    return list(spells.order_by("pk"))


def _death(asked: Asked, recorder: Recorder) -> None:
    dead = asked.member
    assert dead is not None  # noqa: S101 - checked
    after = asked.on + TOMORROW
    for spell in _running(dead, on=after):
        recorder.end(spell, after)
    recorder.change(dead, died_on=asked.on)
    if not dead.manager:
        return
    if asked.heir is not None:
        _succeed(asked, recorder, dead, asked.heir)
    else:
        for membership in Enrolment.objects.filter(family=asked.family, spell__overlap=DateRange(after, None)):
            recorder.end(membership, after)
            if membership.pk:
                recorder.change(membership, ended_because=WITHOUT_HEIR)


def _succeed(asked: Asked, recorder: Recorder, before: Member | None, now: Member) -> None:
    """Another person is paid; the family bears that name."""
    if before is not None:
        recorder.change(before, manager=False, relation=Member.Relation.OTHER)
    recorder.change(now, manager=True, relation=Member.Relation.MANAGER)
    sources = {**asked.family.sources, "name": [Source.FIELD, asked.on.isoformat()]}
    recorder.change(asked.family, name=now.name, name_key=now.name_key, sources=sources)


def _leave(asked: Asked, recorder: Recorder) -> None:
    gone = asked.member
    assert gone is not None  # noqa: S101 - checked
    for spell in _running(gone, on=asked.on):
        recorder.end(spell, asked.on)
    recorder.change(gone, left_on=asked.on)


def _rejoin(asked: Asked, recorder: Recorder) -> None:
    """What the leaving ended counts again, at the facility of then; who was pregnant may not be so any more."""
    back = asked.member
    assert back is not None  # noqa: S101 - checked
    ended = ComponentSpell.objects.filter(member=back, spell__endswith=back.left_on)
    for spell in ended.exclude(component=Component.PREGNANT).order_by("pk"):
        recorder.add(
            ComponentSpell, family=asked.family, member=back, component=spell.component,
            spell=DateRange(asked.on, None), facility=spell.facility, grade=spell.grade, student_no=spell.student_no,
            ordinal=spell.ordinal, source=Source.FIELD,
        )  # fmt: skip
    recorder.change(back, left_on=None)


def _move(asked: Asked, recorder: Recorder) -> None:
    family, village = asked.family, asked.number("village")
    values: dict[str, Any] = {name: asked.text(name) for name in ("address", "rt", "rw")}
    district = codes.ancestor(village, codes.Level.DISTRICT)
    if codes.ancestor(family.region_id, codes.Level.DISTRICT) != district:
        values["group_id"] = NO_GROUP  # who meets the old group does not go there
    said = [Source.FIELD, asked.on.isoformat()]
    sources = {**family.sources, **dict.fromkeys(("region", "address", "rt", "rw"), said)}
    recorder.change(family, region_id=village, sources=sources, **values)


def _school(asked: Asked, recorder: Recorder) -> None:
    pupil = asked.member
    assert pupil is not None  # noqa: S101 - checked
    at_school = [component for component in Component if GROUP_OF[component] is Group.EDUCATION]
    for spell in _running(pupil, *at_school, Component.TODDLER, on=asked.on):
        recorder.end(spell, asked.on)
    _count(
        asked, recorder, pupil, SCHOOLING[asked.text("schooling")], asked.on, grade=asked.text("grade"),
        student_no=asked.text("student_no"),
    )  # fmt: skip


def _pregnancy(asked: Asked, recorder: Recorder) -> None:
    assert asked.member is not None  # noqa: S101 - checked
    _count(asked, recorder, asked.member, Component.PREGNANT, asked.on, ordinal=asked.number("ordinal"))


def _pregnancy_end(asked: Asked, recorder: Recorder) -> None:
    """After a birth the mother counts through the weeks after it (nifas); else only to that day."""
    assert asked.member is not None  # noqa: S101 - checked
    weeks_after = asked.text("ending") == "birth"
    days = int(default_policy().value("changes.postpartum_days", on=asked.on).value) if weeks_after else 0
    for spell in _running(asked.member, Component.PREGNANT, on=asked.on):
        recorder.end(spell, asked.on + timedelta(days=days) + TOMORROW)


def _manager(asked: Asked, recorder: Recorder) -> None:
    assert asked.member is not None  # noqa: S101 - checked
    before = next((member for member in asked.members.values() if member.manager), None)
    _succeed(asked, recorder, before, asked.member)


def _identity(asked: Asked, recorder: Recorder) -> None:
    member, family = asked.member, asked.family
    assert member is not None  # noqa: S101 - checked
    said = [Source.FIELD, asked.on.isoformat()]
    values: dict[str, Any] = {}
    if asked.text("name"):
        values |= {"name": asked.text("name"), "name_key": name_key(asked.text("name"))}
    if asked.day("born_on"):
        values |= {"born_on": asked.day("born_on"), "born_source": Source.FIELD}
    if asked.text("nik"):
        values["nik"] = asked.text("nik")
    if values:
        told = {name: said for name in ("name", "nik") if name in values}
        recorder.change(member, sources={**member.sources, **told}, **values)
    of_family: dict[str, Any] = {"kk": asked.text("kk")} if asked.text("kk") else {}
    if member.manager and "name" in values:
        of_family |= {"name": values["name"], "name_key": values["name_key"]}
    if of_family:
        of_it = {name: said for name in ("name", "kk") if name in of_family}
        recorder.change(family, sources={**family.sources, **of_it}, **of_family)


def _account(asked: Asked, recorder: Recorder) -> None:
    """A new card alone stays with the account it is for; a new account has no card until one is told."""
    family, bank = asked.family, asked.text("bank").upper()
    number, card = asked.text("account") or None, asked.text("card") or None
    for account in PaymentAccount.objects.filter(family=family, spell__overlap=DateRange(asked.on, None)):
        if number is None and account.bank == bank and account.number:
            number = account.number.open()
        recorder.end(account, asked.on)
    recorder.add(
        PaymentAccount, family=family, channel=channel_of(bank), bank=bank, number=number, card=card,
        holder=family.name, spell=DateRange(asked.on, None), source=Source.FIELD,
    )  # fmt: skip


_APPLY: dict[str, Apply] = {
    "birth": _birth, "death": _death, "leave": _leave, "rejoin": _rejoin, "enter": _enter, "move": _move,
    "school": _school, "pregnancy": _pregnancy, "pregnancy_end": _pregnancy_end, "marriage": _leave,
    "manager": _manager, "identity": _identity, "account": _account,
}  # fmt: skip
