"""Certificates from outside, recorded with their scan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import BinaryIO

from django.db import IntegrityError, transaction

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import active_alias, atomic
from harapan.files import storage
from harapan.training.certificates.errors import RecordedBefore
from harapan.training.dated_data import competences
from harapan.training.models import ExternalCertificate
from harapan.workforce.models import Person


@dataclass(frozen=True, slots=True)
class Paper:
    """What the certificate says of itself."""

    competence: str
    title: str
    issuer: str
    number: str
    issued_on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    name: str
    contents: BinaryIO
    media_type: str


def record_external(person: Person, paper: Paper, scan: Scan, *, by: User, on: date) -> ExternalCertificate:
    """Keep a certificate of somebody else's. Raises Refused, RecordedBefore."""
    _refuse_contradictions(paper, on)
    with atomic():
        file = storage.store(
            scan.name, kind="certificate", contents=scan.contents, owner=person.user_id or by.pk,
            region_no=person.region_no, media_type=scan.media_type,
        )  # fmt: skip
        try:
            with transaction.atomic(using=active_alias()):
                made = ExternalCertificate.objects.create(
                    person=person, scan=file, recorded_by=by, recorded_on=on, **asdict(paper)
                )
        except IntegrityError as error:
            if "external_certificate_once" not in str(error):
                raise
            raise RecordedBefore(paper.number, paper.issuer) from error
        log.record("external_certificate.recorded", kind="person", subject=person.pk, body={"number": paper.number})
    return made


def _refuse_contradictions(paper: Paper, on: date) -> None:
    known = {each.code for each in competences(on) if each.external}
    if paper.competence not in known:
        raise Refused("Kompetensi {code} tidak dikenal. Pilih satu dari daftar.", code=paper.competence)
    if paper.issued_on > on:
        raise Refused(
            "Tanggal terbit {day} belum tiba. Isi tanggal yang tertulis di sertifikat.",
            day=format_date(paper.issued_on),
        )
    if paper.expires_on is not None and paper.expires_on < paper.issued_on:
        raise Refused(
            "Sertifikat berakhir {until}, sebelum terbit {issued}. Periksa kedua tanggalnya.",
            until=format_date(paper.expires_on), issued=format_date(paper.issued_on),
        )  # fmt: skip
