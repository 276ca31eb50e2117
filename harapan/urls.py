"""All addresses. Each errand of `harapan.web` brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from harapan.ui.views import components

urlpatterns: list[URLPattern | URLResolver] = [
    path("bahasa/", include("django.conf.urls.i18n")),
    path("komponen/", components, name="components"),
    path("", include("harapan.web.urls")),
]

handler404 = "harapan.ui.views.not_here"
handler403 = "harapan.ui.views.not_here"
handler500 = "harapan.ui.views.server_error"
