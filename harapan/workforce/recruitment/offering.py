"""Places offered in the order of the settled ranking; what is declined, lapses or is left goes to the reserve."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connections

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Forbidden, Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.policy.reasons import demand_reason
from harapan.workforce.models import Contract, Formation, Person, PlaceOffer, Ranking, RecruitmentRound
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.staff.departures import never_begin
from harapan.workforce.taking_on import PersonRefused, take_on

State = PlaceOffer.State

# The n-th free place of a formation goes to the n-th who has had no offer yet. One place is held once: a constraint of
# the table says so too.
_OFFER = """
    WITH free AS (
        SELECT f.id, no, row_number() OVER (PARTITION BY f.id ORDER BY no) AS turn
        FROM workforce_formation f CROSS JOIN LATERAL generate_series(1, f.quota) no
        WHERE f.round_id = %(round)s AND (%(only)s::bigint IS NULL OR f.id = %(only)s) AND NOT EXISTS (
            SELECT FROM workforce_placeoffer o
            WHERE o.formation_id = f.id AND o.place_no = no AND o.state IN ('open', 'accepted'))),
    waiting AS (
        SELECT r.application_id, r.region_no, r.formation_id,
               row_number() OVER (PARTITION BY r.formation_id ORDER BY r.place) AS turn
        FROM workforce_rankedapplication r JOIN workforce_application a ON a.id = r.application_id
        WHERE r.ranking_id = %(ranking)s AND r.outcome IN (1, 2) AND a.state = 'submitted'
          AND (%(only)s::bigint IS NULL OR r.formation_id = %(only)s)
          AND NOT EXISTS (SELECT FROM workforce_placeoffer o WHERE o.application_id = r.application_id))
    INSERT INTO workforce_placeoffer
        (application_id, region_no, formation_id, place_no, state, offered_on, answer_by, why)
    SELECT w.application_id, w.region_no, w.formation_id, free.no, 'open', %(on)s, %(until)s, ''
    FROM free JOIN waiting w ON w.formation_id = free.id AND w.turn = free.turn
    ORDER BY free.id, free.turn"""


def offer_places(round_id: int, *, by: User, post: Post, on: date) -> int:
    """Offer every free place to the next in line, after taking back what was not answered in time. Returns how many.

    Raises Forbidden, Refused.
    """
    with atomic():
        found = _settled(round_id)
        if not found.run_by(post):
            raise Forbidden("Putaran ini dijalankan oleh wilayah lain. Minta pengelolanya.")
        # no join: an update over one keeps what it read of the state while it waited for an acceptance to end
        formations = Formation.objects.filter(round=found)
        late = PlaceOffer.objects.filter(formation__in=formations, state=State.OPEN, answer_by__lt=on)
        lapsed = late.update(state=State.LAPSED, answered_on=on)
        count = _fill(found, on=on)
        log.record("places.offered", kind="round", subject=found.pk, body={"offered": count, "lapsed": lapsed})
    return count


def _settled(round_id: int) -> RecruitmentRound:
    """Held until the transaction ends, so that two people never reckon with the same free places."""
    found: RecruitmentRound = RecruitmentRound.objects.select_for_update().get(pk=round_id)
    if found.state != RecruitmentRound.State.SETTLED:
        raise Refused("Tempat ditawarkan sesudah hasil putaran {name} ditetapkan.", name=found.name)
    return found


def _fill(found: RecruitmentRound, *, on: date, only: int | None = None) -> int:
    ranking = Ranking.objects.results().filter(round=found, published_on__isnull=False).latest("version")
    until = on + timedelta(days=rules_of(found).offer_days)
    told = {"round": found.pk, "ranking": ranking.pk, "only": only, "on": on, "until": until}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_OFFER, told)
        count: int = cursor.rowcount
    return count


def accept(application_id: int, *, on: date) -> Person:
    """The applicant takes the place and becomes staff of it; accepted twice is once. Raises Refused."""
    with atomic():
        offer = _offer(application_id)
        if offer.state == State.ACCEPTED and offer.person is not None:
            return offer.person
        _refuse_late(offer, on)
        person = _taken_on(offer)
        offer.state, offer.answered_on, offer.person = State.ACCEPTED, on, person
        offer.save()
        log.record("place.accepted", kind="application", subject=application_id, body={"person": person.pk})
    return person


def _taken_on(offer: PlaceOffer) -> Person:
    """The applicant's record: a new one, or the one that stands there under the NIK. Raises Refused."""
    asked, found = offer.application, offer.formation.round
    nik = asked.nik.open() if asked.nik else ""
    offer.keep(Person.objects.filter(nik_ix=nik).first() if nik else None)
    try:
        person = take_on(
            asked.name, region_no=asked.region_no, since=found.begins_on, nik=nik,
            sex=asked.sex, born_on=asked.born_on, education=asked.education, email=asked.email,
            phone=asked.phone.open() if asked.phone else "",
        )  # fmt: skip
    except PersonRefused as elsewhere:
        raise Refused(
            "NIK Anda sudah tercatat sebagai petugas di tempat lain, jadi tempat ini belum dapat Anda terima. Hubungi "
            "dinas sosial supaya catatan itu dipindahkan ke sini, lalu terima paling lambat {day}.",
            day=format_date(offer.answer_by),
        ) from elsewhere
    person.take_place(since=found.begins_on, cohort=found.cohort)
    return person


def decline(application_id: int, *, on: date) -> PlaceOffer | None:
    """The applicant gives the place up; it is offered to the next of the reserve at once. Raises Refused."""
    with atomic():
        # the round first, as `offer_places` does: two who wait for each other would wait for ever
        found = _settled(_offer(application_id, hold=False).formation.round_id)
        offer = _offer(application_id)
        _refuse_late(offer, on)
        offer.state, offer.answered_on = State.DECLINED, on
        offer.save(update_fields=["state", "answered_on"])
        _fill(found, on=on, only=offer.formation_id)
        log.record("place.declined", kind="application", subject=application_id)
        return PlaceOffer.objects.filter(
            formation=offer.formation_id, place_no=offer.place_no, state=State.OPEN
        ).first()  # fmt: skip


def withdraw(application_id: int, *, why: str, by: User, post: Post, on: date) -> PlaceOffer:
    """Whoever accepted will not begin after all; the place goes to the next of the reserve at once.

    A record that stood before the round says again what it said; one that was to begin with it never begins. Raises
    Forbidden, and Refused from the first day on: then it is an exit (`staff.departures`).
    """
    why = " ".join(why.split())[:200]
    with atomic():
        found = _settled(_offer(application_id, hold=False).formation.round_id)
        if not found.run_by(post):
            raise Forbidden("Putaran ini dijalankan oleh wilayah lain. Minta pengelolanya.")
        offer = _offer(application_id)
        person = offer.person
        if offer.state != State.ACCEPTED or person is None:
            raise Refused("{name} tidak sedang memegang tempat. Muat ulang halamannya.", name=offer.application.name)
        if on >= found.begins_on:
            raise Refused(
                "{name} sudah mulai bertugas {day}. Rencanakan kepergiannya di catatan SDM-nya.",
                name=person.name, day=format_date(found.begins_on),
            )  # fmt: skip
        demand_reason(why, Phrase("Tulis sebab {name} tidak jadi bertugas.", name=person.name), on=on)
        log.record("place.withdrawn", kind="application", subject=application_id, why=why, body={"person": person.pk})
        _give_back(person, offer, by=by, on=on)
        offer.state, offer.why, offer.person = State.WITHDREW, why, None
        offer.save(update_fields=["state", "why", "person"])
        _fill(found, on=on, only=offer.formation_id)
    return offer


def _give_back(person: Person, offer: PlaceOffer, *, by: User, on: date) -> None:
    """The record stands as it did before the place was accepted; what the place brought never stands a day."""
    begins = offer.formation.round.begins_on
    if person.since >= begins:
        person.kind = Person.Kind.NEVER
        never_begin(person, by=by, on=on)
    elif offer.stood_kind and offer.stood_kind != Person.Kind.PKH:
        # who was in the programme before keeps the contract that renews their own
        for contract in Contract.objects.filter(person=person, since__gte=begins):
            contract.until = contract.since
            contract.save(update_fields=["until"])
    person.cohort = offer.stood_cohort
    if offer.stood_kind:
        person.kind = offer.stood_kind
    if offer.stood_since and offer.stood_until:
        person.since, person.until = offer.stood_since, offer.stood_until
    person.save(update_fields=["kind", "cohort", "since", "until"])


def _offer(application_id: int, *, hold: bool = True) -> PlaceOffer:
    offers = PlaceOffer.objects.select_related("application", "formation__round", "person")
    if hold:
        offers = offers.select_for_update(of=("self",))
    found: PlaceOffer | None = offers.filter(application=application_id).first()
    if found is None:
        raise Refused("Belum ada tempat yang ditawarkan kepada Anda.")
    return found


def _refuse_late(offer: PlaceOffer, on: date) -> None:
    if offer.state != State.OPEN or on > offer.answer_by:
        raise Refused("Tawaran ini tidak lagi terbuka; batas jawabannya {day}.", day=format_date(offer.answer_by))
