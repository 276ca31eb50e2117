"""The one door in: a record of a person, what it says of them, and the account and posts that hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from harapan.accounts import actions
from harapan.accounts.managing import demand_grant
from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.regions.models import Region
from harapan.workforce.models import NATION, Person
from harapan.workforce.staff import law, reach
from harapan.workforce.taking_on import take_on

IN_ACCOUNT = ("name", "staff_number", "email")  # what an account repeats of its person's record


@dataclass(frozen=True, slots=True)
class FirstPost:
    """The post somebody begins with. `until`: the first day it is held no longer."""

    role_code: str
    region_nos: Sequence[int]
    since: date
    until: date | None = None
    letter: str = ""

    @property
    def place(self) -> int:
        """Where the record of whoever holds it stands: the first of its regions."""
        return min(self.region_nos, default=NATION)


def without_account(post: Post, *, on: date) -> QuerySet[Person]:
    """The programme's own people in reach who cannot sign in: those who serve, and those still to begin."""
    rows = reach.persons_in(post).filter(user__isnull=True, kind=Person.Kind.PKH)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on))


def add_person(name: str, *, region: Region, since: date, post: Post, by: User, on: date, **facts: Any) -> Person:
    """A new record by hand. The same NIK again gives the one who stands, and lets whoever had left come back.

    Raises Refused outside the reach.
    """
    reach.refuse_outside(region, post=post)
    if since.year < 2007 or since > on.replace(year=on.year + 1):
        raise Refused("Tanggal mulai bertugas {day} tidak masuk akal. Periksa tahunnya.", day=format_date(since))
    with atomic():
        return _recorded(name, region_no=region.no, since=since, **facts)


def change(person_id: int, *, post: Post, by: User, on: date, **facts: Any) -> Person:
    """Set what the record says: name, staff_number, education, email, phone, cohort. The account says it, too.

    Raises NotYours, Refused.
    """
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        for name, value in facts.items():
            setattr(person, name, value)
        person.save(update_fields=sorted(facts))
        if person.user is not None and (repeated := [name for name in IN_ACCOUNT if name in facts]):
            for name in repeated:
                setattr(person.user, name, facts[name])
            person.user.save(update_fields=repeated)
        log.record("person.corrected", kind="person", subject=person.pk, body={"fields": sorted(facts)})
    return person


def give_account(
    person_id: int, username: str, *, first: FirstPost, password: str, post: Post, by: User, on: date
) -> User:
    """Let somebody on record sign in, with a post no wider than one below the giver's. Raises NotYours, Refused."""
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        user = actions.create_user(username, name=person.name, password=password, by=by)
        return _signs_in(person, user, first, post=post, by=by)


def open_account(
    username: str, *, name: str, first: FirstPost, password: str, post: Post, by: User, on: date, nik: str = "",
    staff_number: str = "",
) -> User:  # fmt: skip
    """Somebody new, who is taken on and signs in by one deed. With the NIK of somebody on record it is theirs.

    Raises Refused where a record of that name waits for its account, or as `give_account`.
    """
    with atomic():
        if not nik:
            _refuse_namesake(name, first)
        user = actions.create_user(username, name=name, password=password, by=by)
        demand_grant(post, first.role_code, first.region_nos, to=user, actor=by)  # before anything is written there
        person = _recorded(
            name, region_no=first.place, since=first.since, nik=nik, staff_number=staff_number,
            kind=law.kind_of(first.role_code, first.since),
        )  # fmt: skip
        return _signs_in(person, user, first, post=post, by=by)


def give_post(user: User, given: FirstPost, *, post: Post, by: User) -> Post:
    """A further post to somebody who signs in; whoever has no record yet gets one. Raises Refused."""
    demand_grant(post, given.role_code, given.region_nos, to=user, actor=by)
    with atomic():
        made = actions.give_post(
            user, role_code=given.role_code, region_nos=given.region_nos, since=given.since, until=given.until,
            letter=given.letter, by=by,
        )  # fmt: skip
        _ensure_record(user, given)
    return made


def _recorded(name: str, *, region_no: int, since: date, **facts: Any) -> Person:
    before = Person.objects.count()
    person = take_on(name, region_no=region_no, since=since, **facts)
    if Person.objects.count() > before:
        log.record("person.taken_on", kind="person", subject=person.pk, body={"region": region_no})
    elif person.until is not None:
        _comes_back(person, person.until, region_no=region_no, since=since, kind=facts.get("kind", person.kind))
    return person


def _comes_back(person: Person, left_on: date, *, region_no: int, since: date, kind: str) -> None:
    """Whoever had left serves again under the record that stands; the log keeps when they had served before."""
    if since < left_on:
        raise Refused(
            "{name} bertugas sampai {day}. Isi hari mulai bertugas pada hari itu atau sesudahnya.",
            name=person.name, day=format_date(left_on),
        )  # fmt: skip
    body = {"region": region_no, "served": [person.since, left_on]}
    log.record("person.came_back", kind="person", subject=person.pk, body=body)
    person.kind, person.region_no, person.since, person.until = kind, region_no, since, None
    person.save(update_fields=["kind", "region_no", "since", "until"])


def _refuse_namesake(name: str, first: FirstPost) -> None:
    """Without a NIK a record of that name, without an account, in the same place is most likely theirs."""
    rows = Person.objects.filter(user=None, until=None, name__iexact=name.strip(), region_no=first.place)
    known = rows.first()
    if known is not None:
        raise Refused(
            "{name} sudah tercatat di sana tanpa akun. Beri akun dari catatan SDM-nya, atau isi NIK-nya di sini.",
            name=known.name,
        )


def _signs_in(person: Person, user: User, first: FirstPost, *, post: Post, by: User) -> User:
    """Tie a fresh account to a record, whose words it takes, and give it its post."""
    if person.user_id is not None:
        raise Refused("{name} sudah mempunyai akun. Beri jabatan di halaman penggunanya.", name=person.name)
    if person.until is not None:
        raise Refused("{name} sudah berhenti, jadi tidak diberi akun.", name=person.name)
    for name in IN_ACCOUNT:
        setattr(user, name, getattr(person, name))
    user.save(update_fields=IN_ACCOUNT)
    person.user = user
    person.save(update_fields=["user"])
    give_post(user, first, post=post, by=by)
    log.record("person.account_given", kind="person", subject=person.pk, body={"user": user.pk})
    return user


def _ensure_record(user: User, given: FirstPost) -> None:
    if Person.objects.filter(user=user).exists():
        return
    try:
        with atomic():
            _recorded(
                user.name, region_no=given.place, since=given.since, user=user, staff_number=user.staff_number,
                kind=law.kind_of(given.role_code, given.since),
            )  # fmt: skip
    except IntegrityError as error:  # it stands where this reader does not see it
        if "user_id" not in str(error):
            raise
