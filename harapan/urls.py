"""All addresses. Each errand of `harapan.web` brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", include("allauth.urls")),
]
