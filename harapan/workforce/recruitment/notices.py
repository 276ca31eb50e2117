"""What changed for an applicant, in sentences: on the page of number and NIK, and as a text to send.

Only what the applicant may know: nothing of a result, a shortlist or a double before it is announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.regions import zones
from harapan.ui.words import hour
from harapan.workforce.models import (
    Application,
    PlaceOffer,
    RankedApplication,
    Ranking,
    SelectionStage,
    StageInvitation,
)
from harapan.workforce.recruitment.objecting import hearings
from harapan.workforce.recruitment.rounds import rules_of

Outcome = RankedApplication.Outcome


@dataclass(frozen=True, slots=True)
class Notice:
    """on: the day it was so. urgent: the applicant has something to do, until `until`."""

    on: date
    text: Phrase
    urgent: bool = False
    until: date | None = None


def notices_of(asked: Application, *, on: date) -> list[Notice]:
    """Everything so far, latest first. Six statements, and one more for each result published again."""
    found = [
        *_sent(asked), *_invited(asked.stageinvitations.select_related("session"), on=on), *_called(asked),
        *_published(asked), *_objected(asked), *_offered(asked.placeoffers.all(), on=on),
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.on, reverse=True)


def _sent(asked: Application) -> Iterable[Notice]:
    if asked.submitted_at and asked.state == Application.State.SUBMITTED:
        yield Notice(
            timezone.localdate(asked.submitted_at),
            Phrase("Lamaran Anda diterima dengan nomor peserta {no}.", no=asked.participant_no),
        )


def _invited(invitations: Iterable[StageInvitation], *, on: date) -> Iterable[Notice]:
    for each in invitations:
        day = zones.local(each.session.begins_at, each.session.region_id).date()
        yield Notice(each.session.moved_on or each.invited_on, invitation_text(each), urgent=day >= on, until=day)


def invitation_text(invitation: StageInvitation) -> Phrase:
    """Stage, day, hour by the clock of the place, place and what to bring; that it was moved, where it was."""
    session = invitation.session
    begins = zones.local(session.begins_at, session.region_id)
    told = {
        "stage": SelectionStage(session.stage).label, "day": format_date(begins.date()), "hour": hour(begins),
        "place": session.place, "note": session.note,
    }  # fmt: skip
    if session.moved_on:
        if session.note:
            return Phrase("Berubah: {stage} menjadi {day} pukul {hour} di {place}. Bawa {note}.", **told)
        return Phrase("Berubah: {stage} menjadi {day} pukul {hour} di {place}.", **told)
    if session.note:
        return Phrase("Anda diundang ke {stage}: {day} pukul {hour} di {place}. Bawa {note}.", **told)
    return Phrase("Anda diundang ke {stage}: {day} pukul {hour} di {place}.", **told)


def _called(asked: Application) -> Iterable[Notice]:
    rules = rules_of(asked.round)
    shortlist = Ranking.objects.shortlists().filter(round=asked.round_id).announced() if rules.shortlists else None
    row = asked.ranked.filter(ranking=shortlist).first() if shortlist else None
    if shortlist is None or shortlist.published_on is None or row is None:
        return
    if row.outcome == Outcome.SELECTED:
        text = Phrase("Anda termasuk yang dipanggil wawancara. Tempat dan jamnya diumumkan di halaman ini.")
    elif row.outcome == Outcome.FAILED:
        text = Phrase(
            "Anda tidak dipanggil wawancara: batas lulus {stage} tidak tercapai.",
            stage=SelectionStage(row.failed_stage).label,
        )
    else:
        text = Phrase(
            "Anda lulus semua tahap, tetapi tidak termasuk {n} terbaik untuk tiap tempat yang dipanggil wawancara; "
            "urutan Anda {place}.", n=rules.interview_per_place, place=row.place,
        )  # fmt: skip
    yield Notice(shortlist.published_on, text)


def _published(asked: Application) -> Iterable[Notice]:
    """The first time with the last day to object; again where scores were mended after it, with whom that set back."""
    for place, (ranking, until) in enumerate(hearings(asked)):
        if until is None:
            text = Phrase("Hasil seleksi diumumkan lagi sesudah nilainya diperbaiki.")
        elif place:
            text = Phrase(
                "Hasil seleksi diumumkan lagi sesudah nilainya diperbaiki, dan hasil Anda turun. Karena itu Anda dapat "
                "mengajukan sanggah sampai {day}.", day=format_date(until),
            )  # fmt: skip
        else:
            text = Phrase("Hasil seleksi diumumkan. Sanggah dapat diajukan sampai {day}.", day=format_date(until))
        if ranking.published_on is not None:
            yield Notice(ranking.published_on, text)


def _objected(asked: Application) -> Iterable[Notice]:
    for each in asked.objections.filter(answered_at__isnull=False):
        if each.answered_at:
            upheld = Phrase("Sanggah Anda diterima.") if each.upheld else Phrase("Sanggah Anda tidak diterima.")
            yield Notice(timezone.localdate(each.answered_at), upheld)


def _offered(offers: Iterable[PlaceOffer], *, on: date) -> Iterable[Notice]:
    for each in offers:
        open_still = each.state == PlaceOffer.State.OPEN and on <= each.answer_by
        yield Notice(each.offered_on, offer_text(each, on=on), urgent=open_still, until=each.answer_by)


def offer_text(offer: PlaceOffer, *, on: date) -> Phrase:
    """What is offered and until when; or how it ended, also where nobody has taken it back yet."""
    late = offer.state == PlaceOffer.State.OPEN and on > offer.answer_by
    state = PlaceOffer.State.LAPSED if late else PlaceOffer.State(offer.state)
    return OFFER_TEXTS[state].filled(day=format_date(offer.answer_by))


OFFER_TEXTS: Mapping[PlaceOffer.State, Phrase] = {
    PlaceOffer.State.OPEN: Phrase("Satu tempat ditawarkan kepada Anda. Jawab paling lambat {day}."),
    PlaceOffer.State.ACCEPTED: Phrase("Anda menerima tempat yang ditawarkan."),
    PlaceOffer.State.DECLINED: Phrase("Anda melepas tempat yang ditawarkan."),
    PlaceOffer.State.LAPSED: Phrase("Tawaran tempat berakhir {day} tanpa jawaban."),
    PlaceOffer.State.WITHDREW: Phrase("Anda tercatat mengundurkan diri dari tempat yang Anda terima."),
}


def to_send(asked: Application, text: str, *, address: str) -> str:
    """A text for the telephone: whom, what, and where to look. Names the number of the participant, never the NIK."""
    return "\n".join(
        (
            Phrase("{name}, peserta {no}.", name=asked.name, no=asked.participant_no).heard(), str(text),
            Phrase("Lihat lamaran Anda dengan nomor lamaran dan NIK di {address}", address=address).heard(),
        )
    )  # fmt: skip
