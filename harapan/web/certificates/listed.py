"""Certificates in reach, narrowed by place, course, state and name."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.regions.models import Region
from harapan.training.certificates.queries import certificates_in_reach, counting, series
from harapan.training.models import Certificate
from harapan.ui.pages import keyset, show
from harapan.web.certificates.forms import CertificateFilters

PAGE_SIZE = 50


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    filters = CertificateFilters.read(request, post=request.post)
    page = keyset(request, _narrowed(filters, request), order=("-issued_on", "-id"), size=PAGE_SIZE)
    places = Region.objects.path_names({each.region_no for each in page} - {0})
    context = {
        "filters": filters, "page": page, "series": series(), "today": request.today,
        "rows": [(each, places.get(each.region_no, "")) for each in page],
    }  # fmt: skip
    return show(request, "certificates/list.html", context, piece="certificates/_list.html")


def _narrowed(filters: CertificateFilters, request: Request) -> QuerySet[Certificate]:
    rows, chosen = certificates_in_reach().select_related("course", "person"), filters.chosen()
    if filters.within:
        low, high = filters.within
        rows = rows.filter(region_no__gte=low, region_no__lt=high)
    if "course" in chosen:
        rows = rows.filter(course=chosen["course"])
    if "q" in chosen:
        rows = rows.filter(person__name__icontains=chosen["q"])
    match chosen.get("state"):
        case "valid":
            rows = counting(rows, request.today)
        case "expired":
            rows = rows.filter(Q(expires_on__lt=request.today), revoked_on__isnull=True)
        case "revoked":
            rows = rows.filter(revoked_on__isnull=False)
    return rows
