"""Issuing certificates: for all of a batch who passed and have none, numbered without a gap; and a further version."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.training.certificates.errors import NoChange, NothingToIssue, Revoked
from harapan.training.certificates.wording import Printed, Signer, number_text, worded
from harapan.training.models import Batch, Certificate, CertificateSeries, CertificateVersion, Enrolment
from harapan.training.needs.standing import months_after
from harapan.training.tasks import clear_later
from harapan.workforce.queries import reaches

CODE_BYTES = 10  # nobody guesses one of 80 bits


def issue_batch(batch: Batch, *, signer: Signer, post: Post, by: User, on: date) -> list[Certificate]:
    """Certificates for everybody who passed and has none, by name. Safe to repeat: nobody gets a second one.

    Raises NotYours for a batch of another place, NothingToIssue where nobody is left.
    """
    refuse_foreign(batch, post)
    with atomic():
        series = _locked_series(batch, on.year)
        passed = Enrolment.objects.filter(batch=batch, state=Enrolment.State.PASSED)
        waiting = passed.filter(certificate=None).select_related("person").order_by("person__name", "pk")
        chosen = list(waiting)
        if not chosen:
            raise NothingToIssue(_named(batch), passed.count())
        made = _certificates(batch, chosen, series.take(len(chosen)), on)
        _first_versions(batch, signer, chosen, made, by, on)
        log.record(
            "certificates.issued", kind="batch", subject=batch.pk,
            body={"count": len(made), "first": made[0].number, "last": made[-1].number, "year": on.year},
        )  # fmt: skip
        clear_later()
    return made


def reissue(
    certificate: Certificate, *, name: str, staff_number: str, signer: Signer, why: str, post: Post, by: User, on: date
) -> CertificateVersion:  # fmt: skip
    """A further version under the same number, with other words. The days it counts stay.

    Raises NotYours, Revoked, and NoChange where the words would be the same.
    """
    demand_reason(why, Phrase("Tulis sebab diterbitkan ulang, misalnya: gelar pada nama belum ada."), on=on)
    batch = certificate.enrolment.batch
    refuse_foreign(batch, post)
    with atomic():
        held = Certificate.objects.select_for_update().get(pk=certificate.pk)
        latest = held.versions.latest("version")
        printed = Printed.read(latest.printed)
        if held.revoked_on is not None:
            raise Revoked(printed.number)
        mended = replace(printed, name=name, staff_number=staff_number, signer=signer)
        if mended == printed:
            raise NoChange(printed.number)
        version = CertificateVersion.objects.create(
            certificate=held, person_id=held.person_id, region_no=held.region_no, version=latest.version + 1,
            code=secrets.token_hex(CODE_BYTES), printed=mended.stored(), why=why, made_at=_noon(on), made_by=by,
        )  # fmt: skip
        log.record("certificate.reissued", kind="certificate", subject=held.pk, body={"version": version.version})
    return version


def refuse_foreign(batch: Batch, post: Post) -> None:
    """Whoever holds a course certifies it: a province its own, the ministry and its centres theirs."""
    if not reaches(post, batch.region_no):
        raise NotYours(_named(batch))


def _certificates(batch: Batch, passed: Sequence[Enrolment], numbers: range, on: date) -> list[Certificate]:
    course = batch.course
    ids = draw_ids(Certificate, len(passed))
    rows = [
        Certificate(
            pk=pk, person_id=each.person_id, region_no=each.region_no, enrolment=each, course=course, year=on.year,
            number=number, issued_on=on,
            expires_on=months_after(each.ended_on or on, course.validity_months) if course.validity_months else None,
        )
        for pk, number, each in zip(ids, numbers, passed, strict=True)
    ]  # fmt: skip
    return Certificate.objects.bulk_create(rows)


def _first_versions(
    batch: Batch, signer: Signer, passed: Sequence[Enrolment], made: Sequence[Certificate], by: User, on: date
) -> None:
    at, rows = _noon(on), []
    for pk, each, certificate in zip(draw_ids(CertificateVersion, len(made)), passed, made, strict=True):
        printed = worded(
            batch, signer, number=number_text(certificate.number, batch.course.code, certificate.year),
            name=each.person.name, staff_number=each.person.staff_number, issued_on=on,
            expires_on=certificate.expires_on,
        )  # fmt: skip
        rows.append(
            CertificateVersion(
                pk=pk, certificate=certificate, person_id=each.person_id, region_no=each.region_no, version=1,
                code=secrets.token_hex(CODE_BYTES), printed=printed.stored(), made_at=at, made_by=by,
            )
        )  # fmt: skip
    CertificateVersion.objects.bulk_create(rows)


def _locked_series(batch: Batch, year: int) -> CertificateSeries:
    """Numbers of a course and year have no gap, whoever else issues at this moment."""
    rows = CertificateSeries.objects.select_for_update()
    return rows.get_or_create(course_id=batch.course_id, year=year)[0]


def _noon(on: date) -> datetime:
    """The date inside the PDF: that of the paper, whatever the hour."""
    return timezone.make_aware(datetime.combine(on, time(12)))


def _named(batch: Batch) -> str:
    return f"{batch.course.name} angkatan {batch.number} tahun {batch.year}"
