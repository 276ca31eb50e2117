"""Addresses for the tests of the ui: the sheet, the answers to errors, and a chrome as the web would fill it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.i18n import set_language

from harapan.core.errors import Forbidden, Refused
from harapan.ui import parts, sheet, views

handler403 = handler404 = "harapan.ui.views.not_here"
handler500 = "harapan.ui.views.server_error"

ERRANDS = ["Beranda", "Keluarga", "Verifikasi", "Pemutakhiran", "Pembayaran", "Pendamping", "Laporan"]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """What `harapan.web.context` gives, with an invented reader."""
    return {
        "chrome": parts.Chrome(
            errands=tuple(parts.Errand(word, "/", word == "Pembayaran") for word in ERRANDS),
            search_url="/",
            name="Rina Hayati",
            role="Koordinator",
            place="Kab. Hulu Sungai Selatan",
            posts=(
                parts.Post("1", "Koordinator Kab. Hulu Sungai Selatan", current=True),
                parts.Post("2", "Plt. Ketua Tim Kab. Tapin"),
            ),
            post_url="/",
            language_url="/bahasa/",
            settings_url="/",
            logout_url="/",
        )
    }


def forbidden(request: HttpRequest) -> HttpResponse:
    raise Forbidden("Keluarga 7 bukan tugas Anda.")


def refused(request: HttpRequest) -> HttpResponse:
    raise Refused("Tahap 2025-2 sudah ditutup; buka tahap susulan untuk mengubahnya.")


def absent(request: HttpRequest) -> HttpResponse:
    raise Http404("family 7")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a page that fails")


def done(request: HttpRequest) -> HttpResponse:
    messages.success(request, "9 usulan disetujui.")
    return views.components(request)


def door(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/door.html", {"form": sheet.SampleForm()})


urlpatterns = [
    path("", views.components, name="home"),
    path("bahasa/", set_language, name="set_language"),
    path("terlarang/", forbidden),
    path("ditolak/", refused),
    path("tiada/", absent),
    path("rusak/", broken),
    path("selesai/", done),
    path("pintu/", door),
]
