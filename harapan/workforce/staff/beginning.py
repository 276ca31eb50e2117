"""The first days of somebody new: a mentor, and steps by their day. Who is behind is read, never typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Min, Q

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.workforce.models import CodeSignature, FirstStep, Mentorship, Person
from harapan.workforce.staff import law, reach

MENTOR, ACCOUNT, CODE = "mentor", "account", "code_of_ethics"  # steps that records of this package tell
Reader = Callable[[Collection[Person], date], Mapping[int, date | None]]
SENTENCE_MIN, SENTENCE_MAX = 15, 300  # letters of what is told about a step
_readers: dict[str, Reader] = {}


def reads(step: str) -> Callable[[Reader], Reader]:
    """For a package whose records tell of a step: its function gives who has done it, and when where that is known."""

    def add(ask: Reader) -> Reader:
        _readers[step] = ask
        return ask

    return add


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of somebody's first days. `told`: by hand; else it is read from what it speaks of. `record`: the word that
    was given."""

    step: law.Step
    due_on: date
    done: bool
    told: bool
    done_on: date | None = None
    record: FirstStep | None = None

    def late(self, on: date) -> bool:
        return not self.done and self.due_on < on


@dataclass(frozen=True, slots=True)
class Newcomer:
    person: Person
    mentor: str
    steps: tuple[Progress, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    def behind(self, on: date) -> list[Progress]:
        return [step for step in self.steps if step.late(on)]

    def overdue(self, on: date) -> bool:
        """Whether the first days are over and steps still open, of whoever came since policy asks for them."""
        if law.is_new(self.person, on) or self.done == len(self.steps):
            return False
        return law.first_days_asked_from(on) <= self.person.since <= on


def give_mentor(person_id: int, mentor: User, *, since: date, post: Post, by: User, on: date) -> Mentorship:
    """A mentor from a day on, in place of the one before. The same mentor again changes nothing. Raises Refused."""
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        if mentor.pk == person.user_id:
            raise Refused("{name} tidak dapat membimbing dirinya sendiri. Pilih orang lain.", name=person.name)
        if not Post.objects.filter(user=mentor).held_on(on).exists():
            raise Refused("{name} tidak memegang jabatan hari ini. Pilih orang yang bertugas.", name=mentor.name)
        before = Mentorship.objects.filter(person=person, until__isnull=True).first()
        if before is not None and before.mentor_id == mentor.pk:
            return before
        if before is not None:
            before.until = max(since, before.since)
            before.save(update_fields=["until"])
        made = Mentorship.objects.create(
            person=person, mentor=mentor, person_name=person.name, since=since, given_by=by
        )
        log.record("mentor.given", kind="person", subject=person.pk, body={"mentor": mentor.pk})
    return made


def tell_step(
    person_id: int, code: str, *, done_on: date, words: str, post: Post, by: User, on: date
) -> FirstStep:  # fmt: skip
    """A step is done: on which day, and in a sentence what it was. Told twice, the first word stands.

    Raises NotYours, Refused for one that records tell.
    """
    if code in (MENTOR, ACCOUNT, *_readers) or code not in {step.code for step in law.steps(on)}:
        raise Refused("Langkah {code} tidak dicatat dengan tangan. Muat ulang halamannya.", code=code)
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        if not person.since <= done_on <= on:
            raise Refused("Tanggal langkah harus antara hari {name} mulai bertugas dan hari ini.", name=person.name)
        words = " ".join(words.split())
        if not SENTENCE_MIN <= len(words) <= SENTENCE_MAX:
            raise Refused(
                "Catatan langkah ini {n} huruf; tulis satu kalimat, {least} sampai {most} huruf: siapa yang hadir dan "
                "apa yang dibicarakan.",
                n=len(words), least=SENTENCE_MIN, most=SENTENCE_MAX,
            )  # fmt: skip
        made, fresh = FirstStep.objects.get_or_create(
            person=person, step=code,
            defaults={"done_on": done_on, "words": words, "told_by": by, "region_no": person.region_no},
        )  # fmt: skip
        if fresh:
            log.record("first_step.done", kind="person", subject=person.pk, body={"step": code})
    return made


def newcomers(post: Post, *, on: date) -> list[Newcomer]:
    """Everybody in reach whose first days run, or are over with steps open; whoever is furthest behind first.

    A constant number of queries.
    """
    new = on - timedelta(days=law.first_days(on))
    asked = Q(since__gte=law.first_days_asked_from(on)) | Q(since__gt=new)
    people = reach.persons_in(post).filter(asked, since__lte=on, until__isnull=True)
    known = progress(list(people.filter(kind=Person.Kind.PKH)), on=on)
    found = [each for each in known if law.is_new(each.person, on) or each.overdue(on)]
    return sorted(found, key=lambda each: (-len(each.behind(on)), each.person.since, each.person.name))


def progress(people: Collection[Person], *, on: date) -> list[Newcomer]:
    """The steps of these people. Four queries, and those of packages above."""
    told: dict[int, dict[str, FirstStep]] = {}
    for step in FirstStep.objects.filter(person__in=people).select_related("told_by"):
        told.setdefault(step.person_id, {})[step.step] = step
    mentors = {
        each.person_id: each
        for each in Mentorship.objects.filter(person__in=people, until__isnull=True).select_related("mentor")
    }
    users = [person.user_id for person in people if person.user_id]
    posted = set(Post.objects.filter(user__in=users).held_on(on).values_list("user", flat=True))
    steps, found = law.steps(on), []
    read = {step: ask(people, on) for step, ask in _readers.items()}
    for person in people:
        own, mentor = told.get(person.pk, {}), mentors.get(person.pk)
        known: dict[str, tuple[bool, date | None]] = {
            step: (person.pk in done, done.get(person.pk)) for step, done in read.items()
        }
        known |= {MENTOR: (mentor is not None, None), ACCOUNT: (person.user_id in posted, None)}
        found.append(Newcomer(person, mentor.mentor.name if mentor else "", tuple(_steps(person, steps, own, known))))
    return found


@reads(CODE)
def signed(people: Collection[Person], on: date) -> Mapping[int, date | None]:
    """Who has signed the code of ethics since they came. One query."""
    rows = CodeSignature.objects.filter(person__in=people, signed_on__gte=F("person__since"), signed_on__lte=on)
    return dict(rows.order_by().values_list("person").annotate(first=Min("signed_on")))


def mentor_of(user: User, on: date) -> User | None:
    """Who stood beside somebody on a day."""
    stood = Mentorship.objects.filter(Q(until__isnull=True) | Q(until__gt=on), person__user=user, since__lte=on)
    found = stood.select_related("mentor").order_by("-since").first()
    return found.mentor if found else None


def mentees(user: User) -> list[Mentorship]:
    """Whom somebody stands beside now."""
    return list(Mentorship.objects.filter(mentor=user, until__isnull=True).order_by("person_name", "pk"))


def label_of(code: str, on: date) -> Phrase:
    return next((step.label for step in law.steps(on) if step.code == code), Phrase("Langkah awal"))


def _steps(
    person: Person, steps: Iterable[law.Step], told: dict[str, FirstStep], known: dict[str, tuple[bool, date | None]]
) -> Iterable[Progress]:
    """What records tell, else what was told; a word given before a record could tell it stays."""
    for step in steps:
        read, read_on = known.get(step.code, (False, None))
        record = told.get(step.code)
        done_on = read_on or (record.done_on if record else None)
        yield Progress(
            step, step.due_on(person.since), read or record is not None, step.code not in known, done_on, record
        )
