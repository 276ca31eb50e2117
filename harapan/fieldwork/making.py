"""Making reports: the same records keep number and version, changed records make a further version of the number."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import Max

from harapan.accounts.models import Acting, User
from harapan.audit import log
from harapan.core.periods import month_of
from harapan.database.scope import active_alias, atomic
from harapan.fieldwork.composing import Content, compose, reported_results
from harapan.fieldwork.errors import NotReported
from harapan.fieldwork.models import Report, ReportVersion
from harapan.fieldwork.papers import report as paper
from harapan.fieldwork.records import Records, gather
from harapan.fieldwork.results import SUPERVISED
from harapan.fieldwork.workers import Worker
from harapan.files import storage
from harapan.p2k2.planning import number_of
from harapan.regions import zones

CODE_BYTES = 10  # nobody guesses one of 80 bits


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it stands now. `fresh`: this call made its version."""

    report: Report
    version: ReportVersion
    fresh: bool


def make_reports(
    workers: Sequence[Worker], month: str, *, by: User, on: date, address: str, among: Sequence[Worker] = (),
    results: Iterable[int] = (),
) -> list[Made]:  # fmt: skip
    """The reports of a month, of each of these people, in one transaction. `results`: which ones; none: all nine.

    Raises NotReported for months that have no results, and for those not begun.
    """
    chosen = refuse_unreported(month, results, on=on)
    found = gather(workers, month, among=among)
    return [made for worker in workers for made in make_of(worker, chosen, found, by=by, on=on, address=address)]


def refuse_unreported(month: str, results: Iterable[int] = (), *, on: date) -> list[int]:
    """The numbers of the results to report."""
    known, asked = reported_results(month), list(results)
    if not known or month > month_of(on) or not set(asked) <= set(known):
        raise NotReported(month)
    return [number for number in known if not asked or number in asked]


def make_of(
    worker: Worker, results: Sequence[int], found: Records, *, by: User, on: date, address: str
) -> list[Made]:  # fmt: skip
    """The reports of one person from what was gathered, in one transaction; safe to repeat after being stopped."""
    contents = {number: compose(worker, number, found) for number in results}
    with atomic():
        _lock(worker, found.month)
        rows = Report.objects.filter(user=worker.user, month=number_of(found.month), supervision=worker.lead)
        known = {row.rhk: row for row in rows}
        latest = {
            row.report_id: row
            for row in ReportVersion.objects.filter(report__in=[row.pk for row in known.values()])
            .select_related("file").order_by("version")
        }  # fmt: skip
        made = []
        for number, content in contents.items():
            report = known.get(number) or _numbered(worker, number, found.month)
            before = latest.get(report.pk)
            if before is not None and before.digest == content.digest:
                made.append(Made(report, before, fresh=False))
            else:
                version = _version(worker, report, content, before, found, by=by, on=on, address=address)
                made.append(Made(report, version, fresh=True))
        body = {"month": found.month, "made": [each.report.rhk for each in made if each.fresh]}
        if body["made"]:
            log.record("reports.made", kind="user", subject=worker.pk, body=body)
    return made


def _lock(worker: Worker, month: str) -> None:
    """One at a time numbers a person's reports of a year: numbers have no gap."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reports {worker.pk} {month[:4]}"])


def _numbered(worker: Worker, rhk: int, month: str) -> Report:
    year = int(month[:4])
    latest = Report.objects.filter(user=worker.user, year=year).aggregate(Max("number"))["number__max"] or 0
    return Report.objects.create(
        user=worker.user, region_no=worker.region_no, year=year, month=number_of(month), rhk=rhk,
        supervision=worker.lead, number=latest + 1,
    )  # fmt: skip


def _version(
    worker: Worker, report: Report, content: Content, before: ReportVersion | None, found: Records, *, by: User,
    on: date, address: str,
) -> ReportVersion:  # fmt: skip
    place = found.place(worker)
    number = before.version + 1 if before else 1
    code = secrets.token_hex(CODE_BYTES)
    name, staff_number, title = _signer(worker, by, on)
    signed = paper.Signed(
        report.number_text, number, code, address.rstrip("/"), name, staff_number, title,
        place.get("district") or place.get("regency", ""), on,
    )  # fmt: skip
    pdf = paper.render(content, signed, printed_by=by.name, printed_at=zones.now(worker.region_no))
    name = paper.file_name(content, made_on=on, supervision=worker.lead and report.rhk in SUPERVISED)
    file = storage.store(
        name, kind="report", contents=pdf, owner=worker.pk, region_no=worker.region_no, media_type="application/pdf"
    )
    return ReportVersion.objects.create(
        report=report, user=worker.user, region_no=worker.region_no, version=number, digest=content.digest, code=code,
        file=file, made_on=on, made_by=by,
    )  # fmt: skip


def _signer(worker: Worker, by: User, on: date) -> tuple[str, str, str]:
    """Name, staff number and title under the report: its owner, or whoever fills the owner's post and makes it."""
    title = str(worker.post.title_on(on))
    filled = Acting.objects.filter(post=worker.post, substitute=by).on(on).first() if by.pk != worker.pk else None
    if filled is None:
        return worker.user.name, worker.user.staff_number, title
    return by.name, by.staff_number, f"{Acting.Form(filled.form).label} {title}, untuk {worker.user.name}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the code of a report proves: whose, which, when; and whether a later version replaced it."""

    number: str
    rhk: int
    month: str
    supervision: bool
    name: str
    staff_number: str
    version: int
    latest: int
    made_on: date


def checked(code: str) -> Checked | None:
    """What stands behind a code; None for one that no report bears. Needs no more than the common scope."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT * FROM harapan.report_checked(%s)", [code])
        row = cursor.fetchone()
    if row is None:
        return None
    number, rhk, month, *rest = row
    return Checked(number, rhk, f"{month // 100}-{month % 100:02d}", *rest)
