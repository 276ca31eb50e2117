"""The code and the values to read and sign, one's own cases and sanctions; who has not signed, by region."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.web.ethics.forms import PaperForm
from harapan.web.ethics.frame import tabs
from harapan.workforce.ethics import law, signing, texts
from harapan.workforce.ethics.queries import own_cases, own_sanctions
from harapan.workforce.models import CodeSignature

BELOW = {Reach.NATION: Level.PROVINCE, Reach.PROVINCE: Level.REGENCY}  # others see kecamatan


@may("ethics.view")
def landing(request: Request) -> HttpResponse:
    """The text in force, or an earlier version by its name."""
    code = _chosen(request)
    current = texts.in_force(request.today)
    person = signing.person_of(request.user)
    signed = signing.signed_this_year(person, request.today) if person else None
    context: dict[str, Any] = {
        "code": code, "current": current, "versions": texts.codes(), "values": texts.values_on(request.today),
        "person": person, "signed": signed, "year": request.today.year,
        "may_sign": bool(person) and allows(request.post, "ethics.sign") and request.post.user_id == request.user.pk,
        "due": signing.due_on(person, request.today) if person else None,
        "history": CodeSignature.objects.filter(person=person).order_by("-signed_on", "-pk") if person else (),
        "cases": own_cases(request.user).order_by("-pk"),
        "sanctions": own_sanctions(person).exclude(level="").order_by("-pk") if person else (),
        **tabs(request, "code"),
    }  # fmt: skip
    return render(request, "ethics/code.html", context)


def _chosen(request: Request) -> texts.Code | None:
    asked = request.GET.get("naskah", "")
    if not asked:
        return texts.in_force(request.today)
    found = texts.of_version(asked)
    if found is None:
        raise Http404
    return found


@require_POST
@may("ethics.sign")
def sign(request: Request) -> HttpResponse:
    """Whoever acts for another does not sign for them."""
    person = signing.person_of(request.user)
    if person is None:
        raise Refused(
            "{name} belum tercatat sebagai SDM. Minta pengelola kepegawaian mencatatnya.", name=request.user.name
        )
    if not request.POST.get("read"):
        raise Refused("Centang bahwa Anda sudah membaca kode etik ini, lalu tanda tangani.")
    signing.sign_code(person, version=request.POST.get("version", ""), by=request.user, on=request.today)
    messages.success(request, _("Tanda tangan Anda untuk tahun %(year)s tersimpan.") % {"year": request.today.year})
    return see_other(request, "ethics")


@may("ethics.follow", look="code_list")
def unsigned(request: Request) -> HttpResponse:
    """Who has not signed this year: counted by place, then listed by name."""
    counts = signing.by_region(request.post, request.today, level=_level(request.post))
    place = _place(request)
    rows = signing.bound(request.post, request.today).filter(signed=False)
    if place is not None:
        low, high = codes.range_of(place)
        rows = rows.filter(region_no__gte=low, region_no__lt=high)
    page = keyset(request, rows, order=("region_no", "name", "id"))
    names = Region.objects.path_names({each.region_no for each in counts} | {each.region_no for each in page})
    context = {
        "counts": [(each, names.get(each.region_no, "Indonesia")) for each in counts],
        "bound": sum(each.bound for each in counts), "signed": sum(each.signed for each in counts),
        "missing": sum(each.missing for each in counts), "page": page,
        "rows": [(each, names.get(each.region_no, "Indonesia")) for each in page], "place": place,
        "place_name": names.get(place, "") if place else "", "year": request.today.year,
        "form": PaperForm(people=page) if len(page) else None,
        "last_day": date(request.today.year, 1, 1) + timedelta(days=law.sign_within_days(request.today)),
        "recorded": True, **tabs(request, "follow"),
    }  # fmt: skip
    return render(request, "ethics/unsigned.html", context)


@require_POST
@may("ethics.follow")
def paper(request: Request) -> HttpResponse:
    """Somebody signed by hand: recorded under the sheet's number, by whom the log names."""
    asked = request.POST.get("person", "")
    rows = signing.bound(request.post, request.today).filter(signed=False)
    person = get_object_or_404(rows, pk=int(asked) if asked.isdecimal() else 0)
    code = signing.code_to_sign(request.today)
    signing.sign_code(
        person, version=code.version, by=request.user, on=request.today, paper=request.POST.get("paper", "")
    )
    messages.success(request, _("Tanda tangan %(name)s dicatat.") % {"name": person.name})
    return see_other(request, "ethics_unsigned")


def _level(post: Post) -> Level:
    return BELOW.get(post.role.reach, Level.DISTRICT)


def _place(request: Request) -> int | None:
    asked = request.GET.get("region", "")
    return int(asked) if asked.isdecimal() and len(asked) == 10 else None
