"""Courses taught online for those who write them: editions, the draft in work, its publication."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.training.learning import editing
from harapan.training.learning.parts import LESSON_BYTES_MAX, megabytes
from harapan.training.learning.publishing import publish
from harapan.training.learning.queries import contents_of
from harapan.training.models import Course, Edition
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import number
from harapan.web.learning.frame import frame


@may("learning.write")
def courses(request: Request) -> HttpResponse:
    found = Course.objects.annotate(
        published=Count("editions", filter=Q(editions__state=Edition.State.PUBLISHED), distinct=True),
        drafts=Count("editions", filter=Q(editions__state=Edition.State.DRAFT), distinct=True),
        bank=Count("questions", filter=Q(questions__current=True), distinct=True),
    )
    page = keyset(request, found, order=("name", "id"), size=40)
    return render(request, "learning/courses.html", frame(request, "materials", page=page, rows=page.rows))


@may("learning.write")
def course(request: Request, course_id: int) -> HttpResponse:
    """One edition of the course: the asked one, else the draft, else what is published."""
    shown = get_object_or_404(Course, pk=course_id)
    editions = list(shown.editions.select_related("course", "published_by").order_by("-number"))
    asked = request.GET.get("versi", "")
    wanted = next((each for each in editions if asked == str(each.number)), None)
    edition = wanted or next(iter(editions), None)
    taught = contents_of([edition])[0] if edition else None
    context = {
        "course": shown,
        "editions": editions,
        "edition": edition,
        "taught": taught,
        "rows": [(each, megabytes(each.size)) for each in taught.lessons] if taught else [],
        "draft": edition is not None and edition.state == Edition.State.DRAFT,
        "bank": shown.questions.filter(current=True).count(),
        "most": megabytes(LESSON_BYTES_MAX),
    }
    return render(request, "learning/material.html", context)


@require_POST
@may("learning.write")
def draft(request: Request, course_id: int) -> HttpResponse:
    shown = get_object_or_404(Course, pk=course_id)
    made = editing.draft_of(shown.pk, by=request.user)
    messages.success(request, _("Rancangan versi %(n)s siap diubah.") % {"n": number(made.number)})
    return see_other(request, "learning_material", shown.pk)


@require_POST
@may("learning.write")
def publication(request: Request, edition_id: int) -> HttpResponse:
    edition = get_object_or_404(Edition, pk=edition_id)
    publish(edition.pk, by=request.user, on=request.today)
    messages.success(
        request, _("Versi %(n)s terbit; peserta membacanya mulai sekarang.") % {"n": number(edition.number)}
    )
    return see_other(request, "learning_material", edition.course_id)
