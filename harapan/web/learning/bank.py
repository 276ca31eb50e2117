"""The question bank of a course: listed, typed, brought in from files and out again."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.exchange.questions.item import Kind
from harapan.training.learning import bank, lines, wording
from harapan.training.learning.items import item_of
from harapan.training.models import Course, Question
from harapan.ui.pages import keyset, see_other, show
from harapan.web.learning.forms import BankFilters, ImportForm, QuestionForm


@may("learning.write")
def listed(request: Request, course_id: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=course_id)
    filters = BankFilters.read(request, topics=bank.topics_of(course.pk))
    page = keyset(request, filters.narrow(bank.questions_of(course.pk)), order=("number", "id"), size=40)
    context = {
        "course": course,
        "filters": filters,
        "page": page,
        "rows": [(each, wording.right_words(item_of(each))) for each in page],
        "kinds": Question.Kind.choices,
        "forms": [(code, form.title) for code, form in bank.FORMS.items()],
        "import_form": ImportForm(),
    }
    return show(request, "learning/bank.html", context, piece="learning/_questions.html")


@may("learning.write")
def new(request: Request, course_id: int, kind: str) -> HttpResponse:
    course = get_object_or_404(Course, pk=course_id)
    if kind not in Question.Kind.values:
        raise Http404
    form = QuestionForm(request.POST or None, request.FILES or None, kind=Kind(kind))
    if request.method == "POST" and form.is_valid():
        try:
            bank.add_question(course.pk, form.item(), by=request.user)
        except HarapanError as refusal:
            form.add_error(form.at_fault(refusal), refusal.phrase.heard())
        else:
            messages.success(request, _("Soal disimpan."))
            return see_other(request, "learning_bank", course.pk)
    context = {"course": course, "form": form, "label": Question.Kind(kind).label}
    return render(request, "learning/question_form.html", context, status=422 if request.method == "POST" else 200)


@may("learning.write")
def change(request: Request, course_id: int, question_id: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=course_id)
    standing = get_object_or_404(Question, pk=question_id, course=course, current=True)
    item = item_of(standing)
    form = QuestionForm(request.POST or None, request.FILES or None, kind=item.kind, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            if not lines.fits(item):
                raise Refused("Soal ini memuat nilai khusus dari berkas. Ubah di berkasnya, lalu bawa masuk kembali.")
            bank.change_question(standing.pk, form.item(), by=request.user)
        except HarapanError as refusal:
            form.add_error(form.at_fault(refusal), refusal.phrase.heard())
        else:
            messages.success(
                request, _("Soal disimpan sebagai versi baru; percobaan yang lalu tetap dengan versi lama.")
            )
            return see_other(request, "learning_bank", course.pk)
    context = {
        "course": course, "form": form, "question": standing, "label": standing.get_kind_display(),
        "fits": lines.fits(item), "item": item,
    }  # fmt: skip
    return render(request, "learning/question_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("learning.write")
def away(request: Request, course_id: int, question_id: int) -> HttpResponse:
    bank.take_out(get_object_or_404(Question, pk=question_id, course=course_id).pk)
    messages.success(request, _("Soal dikeluarkan dari bank; percobaan yang sudah memuatnya tetap utuh."))
    return see_other(request, "learning_bank", course_id)


@may("learning.write")
def bring(request: Request, course_id: int) -> HttpResponse:
    """What was brought in, and line by line what was not."""
    course = get_object_or_404(Course, pk=course_id)
    form = ImportForm(request.POST or None, request.FILES or None)
    brought = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            brought = bank.bring_in(course.pk, file.read(), form=form.form_of(file.name), by=request.user)
        except HarapanError as refusal:
            form.add_error("file", refusal.phrase.heard())
    context = {"course": course, "form": form, "brought": brought}
    failed = request.method == "POST" and brought is None
    return render(request, "learning/bank_import.html", context, status=422 if failed else 200)


@may("learning.write")
def file(request: Request, course_id: int, form: str) -> HttpResponse:
    course = get_object_or_404(Course, pk=course_id)
    if form not in bank.FORMS:
        raise Http404
    raw = bank.bring_out(course.pk, form=form)
    response = HttpResponse(raw, content_type="application/xml" if form == "moodle" else "text/plain; charset=utf-8")
    name = f"soal-{course.code}.{bank.FORMS[form].suffix}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
