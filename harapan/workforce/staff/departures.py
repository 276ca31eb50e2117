"""Leave, transfer and exit: planned, withdrawn, and carried out once what must be handed over has been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from harapan.accounts import actions
from harapan.accounts.managing import demand_grant
from harapan.accounts.models import Acting, Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.workforce.models import Badge, Contract, Departure, EthicsCase, Mentorship, Person, Step
from harapan.workforce.staff import ending, reach

Kind = Departure.Kind
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Going:
    """What is known of a departure beforehand. `back_on`: of a leave, the first day back; `to`: of a transfer."""

    kind: Departure.Kind
    leaves_on: date
    letter: str
    why: str
    back_on: date | None = None
    to: Region | None = None
    cover: User | None = None


def plan(person_id: int, going: Going, *, post: Post, by: User, on: date) -> Departure:
    """Write down that somebody will go. Raises NotYours, and Refused where that makes no sense or one is open."""
    with atomic():
        person = reach.held(person_id, post=post, by=by, on=on)
        _refuse_senseless(person, going)
        if going.to is not None:
            reach.refuse_outside(going.to, post=post)
        _refuse_second(person)
        made = Departure.objects.create(
            person=person, kind=going.kind, leaves_on=going.leaves_on, back_on=going.back_on,
            to_region_no=going.to.no if going.to else None, cover=going.cover, letter=going.letter.strip(),
            why=going.why.strip(), planned_by=by,
        )  # fmt: skip
        log.record("departure.planned", kind="person", subject=person.pk, why=made.why, body={"kind": made.kind})
    return made


def ask_leave(*, leaves_on: date, back_on: date, why: str, by: User, on: date) -> Departure:
    """Somebody asks for leave of their own; whoever looks after them names letter and cover. Raises Refused."""
    person = reach.own_person(by)
    if person is None:
        raise Refused("{name} belum tercatat sebagai SDM. Minta pengelola kepegawaian mencatatnya.", name=by.name)
    if leaves_on < on:
        raise Refused("Cuti mulai {day} sudah lewat. Pilih hari ini atau sesudahnya.", day=format_date(leaves_on))
    going = Going(Kind.LEAVE, leaves_on, "", why, back_on)
    with atomic():
        _refuse_senseless(person, going)
        _refuse_second(person)
        made = Departure.objects.create(
            person=person, kind=Kind.LEAVE, leaves_on=leaves_on, back_on=back_on, why=why.strip(), asked_on=on,
            planned_by=by,
        )  # fmt: skip
        log.record("departure.asked", kind="person", subject=person.pk, why=made.why)
    return made


def take_back(departure_id: int, *, by: User, on: date) -> Departure:
    """Whoever asked for leave no longer wants it. Raises NotYours; Refused once it was answered."""
    with atomic():
        found = Departure.objects.filter(pk=departure_id, person__user=by, asked_on__isnull=False).first()
        if found is None:
            raise NotYours(Phrase("Permintaan cuti"))
        if not found.asked:
            raise Refused("Permintaan cuti ini sudah dijawab. Minta ketua tim membatalkannya bila perlu.")
        found.withdrawn_on = on
        found.save(update_fields=["withdrawn_on"])
        log.record("departure.withdrawn", kind="person", subject=found.person_id)
    return found


def grant(departure_id: int, *, letter: str, cover: User | None, post: Post, by: User, on: date) -> Departure:
    """Leave that was asked for is granted under a letter, with who covers it. Raises NotYours, Refused."""
    with atomic():
        departure = _open(departure_id, post=post, by=by, on=on)
        if not departure.asked:
            raise Refused("Cuti ini sudah disetujui dengan {letter}. Muat ulang halamannya.", letter=departure.letter)
        if not letter.strip():
            raise Refused("Nomor surat belum diisi. Cuti berjalan hanya dengan surat.")
        going = Going(Kind.LEAVE, departure.leaves_on, letter, departure.why, departure.back_on, cover=cover)
        _refuse_senseless(departure.person, going)
        departure.letter, departure.cover = letter.strip(), cover
        departure.save(update_fields=["letter", "cover"])
        log.record("departure.granted", kind="person", subject=departure.person_id, body={"letter": departure.letter})
    return departure


def withdraw(departure_id: int, *, why: str, post: Post, by: User, on: date) -> Departure:
    """It does not happen; whoever asked for it reads why. Raises NotYours, and Refused where it was carried out."""
    demand_reason(why, Phrase("Tulis mengapa tidak jadi; yang mengajukan membacanya."), on=on)
    with atomic():
        departure = _open(departure_id, post=post, by=by, on=on)
        departure.withdrawn_on, departure.withdrawn_why = on, why.strip()
        departure.save(update_fields=["withdrawn_on", "withdrawn_why"])
        log.record("departure.withdrawn", kind="person", subject=departure.person_id, why=why)
    return departure


def settle(departure_id: int, *, post: Post, by: User, on: date) -> Departure:
    """Carry it out: cover for a leave; another post elsewhere; or posts ended and the account closed.

    Raises NotYours, and Refused before its day, without cover, or while groups are still theirs (`ending`).
    """
    with atomic():
        departure = _open(departure_id, post=post, by=by, on=on)
        person = departure.person
        if departure.asked:
            raise Refused("Permintaan cuti ini belum dijawab. Isi nomor surat dan penggantinya lebih dahulu.")
        log.record(
            "departure.settled", kind="person", subject=person.pk, why=departure.why, body={"kind": departure.kind}
        )
        departure.settled_on, departure.settled_by = on, by
        departure.save(update_fields=["settled_on", "settled_by"])
        match Kind(departure.kind):
            case Kind.LEAVE:
                _cover(departure, post=post, by=by, on=on)
            case Kind.TRANSFER:
                _refuse_before(departure, on=on)
                _move(departure, post=post, by=by, on=on)
            case Kind.EXIT:
                _refuse_before(departure, on=on)
                _leave(departure, by=by, on=on)
    return departure


def dismiss(person: Person, *, letter: str, why: str, by: User, on: date) -> Departure:
    """Carry out at once the exit that a verdict orders, by whom it names; whatever was planned falls away.

    Raises Refused while groups are still theirs. For somebody who has left already only the verdict is written down.
    """
    with atomic():
        person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
        for other in Departure.objects.filter(person=person, settled_on__isnull=True, withdrawn_on__isnull=True):
            other.withdrawn_on = on
            other.save(update_fields=["withdrawn_on"])
        departure = Departure.objects.create(
            person=person, kind=Kind.EXIT, leaves_on=on, letter=letter, why=why, planned_by=by, settled_on=on,
            settled_by=by,
        )  # fmt: skip
        log.record("departure.settled", kind="person", subject=person.pk, why=why, body={"kind": Kind.EXIT})
        if person.until is None:
            _leave(departure, by=by, on=on)
    return departure


def never_begin(person: Person, *, by: User, on: date) -> None:
    """Somebody withdraws before the first day: the record ends on it without a day served, and the account closes now.

    Posts that waited for them end as early as they may, a day after they begin; contracts never stand. Raises Refused
    while groups are already theirs.
    """
    if person.user is not None:
        posts = _posts(person, on)
        ending.refuse_with_groups(person.user, posts, on=on)
        for each in posts:
            ending.end_post(each, on=max(on, each.since + DAY), by=by)
        actions.set_active(person.user, active=False, by=by)
    _end_around(person, on=on, by=by)
    Mentorship.objects.filter(person=person, until__isnull=True).update(until=F("since"))  # those still to begin
    for contract in Contract.objects.filter(person=person, until__gt=on):
        contract.until = max(on, contract.since)
        contract.save(update_fields=["until"])
    person.until = person.since
    person.save(update_fields=["until"])


def come_back(departure_id: int, *, post: Post, by: User, on: date) -> Departure:
    """Somebody is back from leave before the day that was written: whoever covered acts no longer from today on."""
    with atomic():
        departure = reach_departure(departure_id, post=post)
        reach.held(departure.person_id, post=post, by=by, on=on)
        if departure.kind != Kind.LEAVE or departure.settled_on is None or (departure.back_on or on) <= on:
            raise Refused("Cuti ini tidak sedang berjalan, jadi tidak ada yang diakhiri. Muat ulang halamannya.")
        if on <= departure.leaves_on:
            raise Refused("Cuti ini mulai {day}. Akhiri paling cepat sehari sesudahnya.",
                          day=format_date(departure.leaves_on))  # fmt: skip
        departure.back_on = on
        departure.save(update_fields=["back_on"])
        for acting in _covering(departure).filter(until__gt=on):
            actions.end_acting(acting, on=on, by=by)
        log.record("departure.ended_early", kind="person", subject=departure.person_id)
    return departure


def reach_departure(departure_id: int, *, post: Post) -> Departure:
    """A departure of somebody in reach, locked. Raises NotYours."""
    rows = reach.departures_in(post).select_for_update(of=("self",)).select_related("person", "cover")
    departure = rows.filter(pk=departure_id).first()
    if departure is None:
        raise NotYours(Phrase("Catatan"))
    return departure


def _open(departure_id: int, *, post: Post, by: User, on: date) -> Departure:
    departure = reach_departure(departure_id, post=post)
    departure.person = reach.held(departure.person_id, post=post, by=by, on=on)
    if not departure.open:
        raise Refused("Rencana ini sudah dilaksanakan atau dibatalkan. Muat ulang halamannya.")
    return departure


def _refuse_second(person: Person) -> None:
    known = Departure.objects.filter(person=person, settled_on__isnull=True, withdrawn_on__isnull=True).first()
    if known is not None:
        raise Refused(
            "Bagi {name} sudah direncanakan {kind} mulai {day}. Laksanakan atau batalkan itu lebih dahulu.",
            name=person.name, kind=known.get_kind_display(), day=format_date(known.leaves_on),
        )  # fmt: skip


def _refuse_senseless(person: Person, going: Going) -> None:
    if person.until is not None:
        raise Refused("{name} sudah berhenti pada {day}.", name=person.name, day=format_date(person.until))
    if going.leaves_on <= person.since:
        raise Refused("{name} baru mulai bertugas {day}. Pilih tanggal sesudahnya.",
                      name=person.name, day=format_date(person.since))  # fmt: skip
    if going.kind == Kind.LEAVE and (going.back_on is None or going.back_on <= going.leaves_on):
        raise Refused("Tanggal kembali bertugas harus sesudah {day}. Periksa tanggalnya.",
                      day=format_date(going.leaves_on))  # fmt: skip
    if going.kind == Kind.TRANSFER and (going.to is None or going.to.no == person.region_no):
        raise Refused("Pilih tempat tugas baru yang berbeda dari tempat tugas {name} sekarang.", name=person.name)
    if going.cover is not None and going.cover.pk == person.user_id:
        raise Refused("{name} tidak dapat menggantikan dirinya sendiri. Pilih orang lain.", name=person.name)


def _refuse_before(departure: Departure, *, on: date) -> None:
    if on < departure.leaves_on:
        raise Refused("{kind} mulai {day}. Laksanakan pada hari itu atau sesudahnya.",
                      kind=Kind(departure.kind).label, day=format_date(departure.leaves_on))  # fmt: skip


def _posts(person: Person, on: date) -> list[Post]:
    """Those that last on the day or begin later."""
    if person.user_id is None:
        return []
    own = Post.objects.filter(user=person.user_id).order_by("since", "pk")
    return [post for post in own if post.until is None or post.until > on]


def _covering(departure: Departure) -> QuerySet[Acting]:
    return Acting.objects.filter(
        post__user=departure.person.user_id or 0, substitute=departure.cover_id or 0, since=departure.leaves_on
    )


def _cover(departure: Departure, *, post: Post, by: User, on: date) -> None:
    posts, back_on = _posts(departure.person, departure.leaves_on), departure.back_on
    if not posts or back_on is None:
        return
    if departure.cover is None:
        raise Refused("Pengganti selama cuti belum dipilih. Batalkan rencana ini dan catat lagi dengan penggantinya.")
    for each in posts:
        demand_grant(post, each.role_code, each.region_nos, to=departure.cover, actor=by)
        actions.let_act(
            each, substitute=departure.cover, form=Acting.Form.PLH, since=departure.leaves_on,
            until=min(back_on, each.until or back_on), letter=departure.letter, by=by,
        )  # fmt: skip


def _move(departure: Departure, *, post: Post, by: User, on: date) -> None:
    """Posts of the old place end, the same roles begin at the new one; the record and all on it follow by its key."""
    person, new = departure.person, int(departure.to_region_no or 0)
    reach.refuse_outside(Region.objects.get(no=new), post=post)
    posts = _posts(person, departure.leaves_on)
    if person.user is not None:
        ending.refuse_with_groups(person.user, posts, on=on)
    for each in posts:
        if person.region_no in each.region_nos and person.user is not None:
            demand_grant(post, each.role_code, [new], to=person.user, actor=by)
            ending.end_post(each, on=departure.leaves_on, by=by)
            actions.give_post(
                person.user, role_code=each.role_code, region_nos=[new], since=departure.leaves_on, by=by,
                letter=departure.letter,
            )  # fmt: skip
    _end_around(person, on=departure.leaves_on, by=by)
    person.region_no = new
    person.save(update_fields=["region_no"])


def _leave(departure: Departure, *, by: User, on: date) -> None:
    person, day = departure.person, departure.leaves_on
    posts = _posts(person, day)
    if person.user is not None:
        ending.refuse_with_groups(person.user, posts, on=on)
        _end_for_others(person.user, on=day, by=by)
        for each in posts:
            ending.end_post(each, on=day, by=by)
        actions.set_active(person.user, active=False, by=by)
    _end_around(person, on=day, by=by)
    Contract.objects.filter(person=person, since__lt=day, until__gt=day).update(until=day)
    person.until = day
    person.save(update_fields=["until"])


def _end_for_others(user: User, *, on: date, by: User) -> None:
    """What somebody does for others goes on without them: posts they fill, people they mentor, cases they handle."""
    for acting in Acting.objects.filter(substitute=user, until__gt=on):
        actions.end_acting(acting, on=on, by=by)
    Mentorship.objects.filter(mentor=user, until__isnull=True, since__lte=on).update(until=on)
    cases = EthicsCase.objects.filter(handler=user).exclude(step__in=(Step.FINAL, Step.CLOSED))
    for pk in list(cases.values_list("pk", flat=True)):
        EthicsCase.objects.filter(pk=pk).update(handler=None)
        log.record("ethics_case.given_back", kind="ethics_case", subject=pk)


def _end_around(person: Person, *, on: date, by: User) -> None:
    """What holds only where somebody serves: the badge with its place, a mentor."""
    Badge.objects.filter(person=person, revoked_on__isnull=True).update(revoked_on=on)
    Mentorship.objects.filter(person=person, until__isnull=True, since__lte=on).update(until=on)
