"""The feedback form behind a participant's link: without an account, on a phone, once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from harapan.database import day
from harapan.training.dated_data import statements
from harapan.training.following import linking
from harapan.web.learned.forms import FeedbackForm
from harapan.web.linked import guarded

NAME = "tautan umpan balik"  # under which wrong addresses are counted, by the caller's own


@require_http_methods(["GET", "POST"])
@guarded(NAME, via=linking.VIA)
def feedback(request: HttpRequest, token: str, address: str) -> HttpResponse:
    on = day.today()
    asked = linking.asked(token, on=on)
    form = FeedbackForm(request.POST or None, asked=statements(on))
    if request.method == "POST" and form.is_valid():
        linking.answer(token, form.answers(), remark=form.cleaned_data["remark"], on=on)
        return render(request, "learned/linked_thanks.html", {"asked": asked})
    status = 422 if request.method == "POST" else 200
    return render(request, "learned/linked.html", {"asked": asked, "form": form}, status=status)
