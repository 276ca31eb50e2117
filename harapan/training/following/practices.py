"""Good practices and innovations: entered by anybody, reviewed by another, copied elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.regions.models import Region
from harapan.training.models import Practice, PracticeCopy


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody writes about a practice."""

    kind: Practice.Kind
    title: str
    problem: str
    how: str
    result: str
    partners: str = ""


def enter(told: Told, *, region: Region | None, by: User, on: date) -> Practice:
    """A practice to be reviewed; the same title of the same author gives the one that stands."""
    with atomic():
        known = Practice.objects.filter(author=by, title=told.title).first()
        if known is not None:
            return known
        made = Practice.objects.create(**asdict(told), region=region, author=by, entered_on=on)
        log.record("practice.entered", kind="practice", subject=made.pk)
    return made


def review(practice: Practice, *, approved: bool, remark: str, by: User, on: date) -> Practice:
    """Approve it or give it back with a remark. Raises Refused for one's own, and for giving back without a word."""
    if practice.author_id == by.pk:
        raise Refused("Praktik ini Anda masukkan sendiri. Minta orang lain menelaahnya.")
    if not approved and not remark.strip():
        raise Refused("Tulis apa yang perlu dilengkapi, agar yang memasukkan tahu.")
    with atomic():
        held = Practice.objects.select_for_update().get(pk=practice.pk)
        held.state = Practice.State.APPROVED if approved else Practice.State.RETURNED
        held.remark, held.reviewed_by, held.reviewed_on = remark.strip()[:500], by, on
        held.save(update_fields=["state", "remark", "reviewed_by", "reviewed_on"])
        log.record("practice.reviewed", kind="practice", subject=held.pk, body={"state": held.state})
    return held


def rewrite(practice: Practice, told: Told, *, by: User, on: date) -> Practice:
    """What its author completes after it was given back; it waits to be reviewed again. Raises Refused otherwise."""
    with atomic():
        held = Practice.objects.select_for_update().get(pk=practice.pk)
        if held.author_id != by.pk or held.state != Practice.State.RETURNED:
            raise Refused("Praktik ini tidak menunggu perbaikan Anda. Buka lagi halamannya untuk melihat keadaannya.")
        for name, value in asdict(told).items():
            setattr(held, name, value)
        held.state, held.entered_on = Practice.State.SUBMITTED, on
        held.save(update_fields=[*asdict(told), "state", "entered_on"])
        log.record("practice.rewritten", kind="practice", subject=held.pk)
    return held


def copy(practice: Practice, *, region: Region, since: date, outcome: str, by: User) -> PracticeCopy:
    """Another place has taken it over. Raises Refused for one not approved, the place it came from, and twice."""
    if practice.state != Practice.State.APPROVED:
        raise Refused("Praktik ini belum ditelaah, jadi belum dapat ditiru. Tunggu hasil telaahnya.")
    if practice.region_id == region.no:
        raise Refused("{region} adalah asal praktik ini. Pilih wilayah lain.", region=region.display_name)
    with atomic():
        try:
            with transaction.atomic(using=active_alias()):
                made = PracticeCopy.objects.create(
                    practice=practice, region=region, copied_by=by, since=since, outcome=outcome.strip()
                )
        except IntegrityError as error:
            if "practice_copied_once" not in str(error):
                raise
            raise Refused(
                Phrase("Penerapan di {region} sudah tercatat. Pilih wilayah lain.", region=region.display_name)
            ) from error
        log.record("practice.copied", kind="practice", subject=practice.pk, body={"region": region.no})
    return made


def practices_for(user: User, *, reviews: bool) -> QuerySet[Practice]:
    """What a reader sees: what is approved and what they entered; whoever reviews, everything. With `times` copied."""
    rows = Practice.objects.select_related("region", "author").annotate(times=Count("copies"))
    return rows if reviews else rows.filter(Q(state=Practice.State.APPROVED) | Q(author=user))
