"""The addresses of every errand. Pages link to each other by these names only."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("harapan.web.home.urls")),
    path("keluarga/", include("harapan.web.families.urls")),
    path("kelompok/", include("harapan.web.groups.urls")),
]
