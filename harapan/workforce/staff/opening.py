"""The account of somebody taken on, and what their record says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from harapan.accounts import actions
from harapan.accounts.managing import demand_grant
from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.regions.models import Region
from harapan.workforce.models import Person
from harapan.workforce.staff import reach
from harapan.workforce.taking_on import take_on


def add_person(name: str, *, region: Region, since: date, post: Post, by: User, on: date, **facts: Any) -> Person:
    """A new record by hand. The same NIK again gives the one who stands. Raises Refused outside the reach."""
    reach.refuse_outside(region, post=post)
    if since.year < 2007 or since > on.replace(year=on.year + 1):
        raise Refused("Tanggal mulai bertugas {day} tidak masuk akal. Periksa tahunnya.", day=f"{since:%d-%m-%Y}")
    with atomic():
        before = Person.objects.count()
        person = take_on(name, region_no=region.no, since=since, **facts)
        if Person.objects.count() > before:
            log.record("person.taken_on", kind="person", subject=person.pk, body={"region": region.no})
    return person


def change(person_id: int, *, post: Post, by: User, on: date, **facts: Any) -> Person:
    """Set what the record says: name, staff_number, education, email, phone, cohort. Raises NotYours, Refused."""
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        for name, value in facts.items():
            setattr(person, name, value)
        person.save(update_fields=sorted(facts))
        log.record("person.corrected", kind="person", subject=person.pk, body={"fields": sorted(facts)})
    return person


def give_account(
    person_id: int, username: str, *, role_code: str, region_nos: Sequence[int], since: date, letter: str,
    password: str, post: Post, by: User, on: date,
) -> User:  # fmt: skip
    """Let somebody sign in, with a first post no wider than one below the giver's. Raises NotYours, Refused."""
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        if person.user_id is not None:
            raise Refused("{name} sudah mempunyai akun. Beri jabatan di halaman penggunanya.", name=person.name)
        if person.until is not None:
            raise Refused("{name} sudah berhenti, jadi tidak diberi akun.", name=person.name)
        user = actions.create_user(
            username, name=person.name, staff_number=person.staff_number, email=person.email, password=password, by=by
        )
        demand_grant(post, role_code, region_nos, to=user, actor=by)
        actions.give_post(user, role_code=role_code, region_nos=region_nos, since=since, letter=letter, by=by)
        person.user = user
        person.save(update_fields=["user"])
        log.record("person.account_given", kind="person", subject=person.pk, body={"user": user.pk})
    return user
