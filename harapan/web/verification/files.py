"""The quarter's form of a facility as a file, filled with what is recorded; as it bears full numbers, it is logged."""

from __future__ import annotations

from django.http import HttpResponse

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.core.periods import quarter_months, quarter_of
from harapan.policy.stage_rules import StageRules
from harapan.verification import filing
from harapan.verification.declaring import declared_for
from harapan.verification.obligations import owed
from harapan.verification.queries import months_of, observations_of
from harapan.web.verification.views import page_of

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@may("family.export", look="facility_form")
def file(request: Request, facility_id: int, form: str) -> HttpResponse:
    """The official education form, or ours of health and social care, both as they are read back in."""
    if form not in TYPES:
        raise Refused("Bentuk berkas “{form}” tidak dikenal. Pilih csv atau xlsx.", form=form)
    page = page_of(request, facility_id)
    months = _quarter(page.quarter.law)
    numbers = [int(month.replace("-", "")) for month in months]
    if page.school:
        written = filing.school_form(
            page.facility, page.spells, months,
            said=months_of([page.facility], numbers),
            declared=declared_for([page.facility], numbers),
            seen=observations_of((spell.member_id for spell in page.spells), numbers),
            form=form,
        )  # fmt: skip
    else:
        due = owed(months, facilities=[page.facility.pk], percent_min=page.quarter.line)
        written = filing.care_form(page.facility, page.spells, months, due, form=form)
    response = HttpResponse(written, content_type=TYPES[form])
    name = f"verifikasi-{page.facility.code or page.facility.pk}-{months[0]}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _quarter(law: StageRules) -> tuple[str, str, str]:
    """The forms speak of a calendar quarter; a stage of two months lies in one."""
    first = (law.observes_months or law.pays_months)[0]
    return quarter_months(*quarter_of(first))
