"""The addresses of every errand. Pages link to each other by these names only."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("harapan.web.home.urls")),
    path("", include("harapan.web.account.urls")),
    path("keluarga/", include("harapan.web.families.urls")),
    path("kelompok/", include("harapan.web.groups.urls")),
    path("tahap/", include("harapan.web.stages.urls")),
    path("penyaluran/", include("harapan.web.distribution.urls")),
    path("banding/", include("harapan.web.lists.urls")),
    path("pengguna/", include("harapan.web.people.urls")),
    path("impor/", include("harapan.web.imports.urls")),
    path("p2k2/", include("harapan.web.p2k2.urls")),
    path("calon/", include("harapan.web.road.urls")),
    path("kunjungan/", include("harapan.web.visits.urls")),
    path("perlu-dicek/", include("harapan.web.integrity.urls")),
    path("verifikasi/", include("harapan.web.verification.urls")),
    path("pemutakhiran/", include("harapan.web.changes.urls")),
    path("beban/", include("harapan.web.caseload.urls")),
    path("sanksi/", include("harapan.web.sanctions.urls")),
    path("tugas/", include("harapan.web.work.urls")),
    path("pantauan/", include("harapan.web.overview.urls")),
    path("sdm/", include("harapan.web.staff.urls")),
    path("laporan/", include("harapan.web.reports.urls")),
    path("pelatihan/", include("harapan.web.courses.urls")),
    path("etik/", include("harapan.web.ethics.urls")),
    path("belajar/", include("harapan.web.learning.urls")),
    path("diklat-saya/", include("harapan.web.learned.urls")),
    path("sertifikat/", include("harapan.web.certificates.urls")),
    path("lamaran/", include("harapan.web.applying.urls")),
    path("rekrutmen/", include("harapan.web.recruitment.urls")),
]
