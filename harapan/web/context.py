"""What every page shows around its answer: the errands of the role, the reader, the post acted in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.database import day
from harapan.regions.models import name_of
from harapan.ui import parts
from harapan.ui.words import heard

# label, name of the address, permission; the order of the header, where the first few stand and the others follow in a
# menu
ERRANDS = (
    (_("Beranda"), "home", "home.view"),
    (_("Tugas"), "work", "work.view"),
    (_("Keluarga"), "families", "family.view"),
    (_("Kelompok"), "groups", "group.view"),
    (_("Calon"), "road", "candidate.view"),
    (_("Verifikasi"), "verification", "verification.view"),
    (_("P2K2"), "p2k2", "session.view"),
    (_("Perlu dicek"), "integrity", "integrity.view"),
    (_("Pemutakhiran"), "changes", "change.view"),
    (_("Pantauan"), "overview", "overview.view"),
    (_("Laporan"), "reports", "report.view"),
    (_("Beban"), "caseload", "caseload.view"),
    (_("Tahap"), "stages", "stage.view"),
    (_("Penyaluran"), "distributions", "handover.view"),
    (_("Banding daftar"), "lists", "list.compare"),
    (_("Impor"), "imports", "import.rehearse"),
    (_("Pelatihan"), "courses", "course.view"),
    (_("Kode etik"), "ethics", "ethics.view"),
    (_("Belajar"), "learning", "learning.view"),
    (_("SDM"), "staff", "staff.view"),
    (_("Diklat saya"), "my_courses", "learned.view"),
    (_("Sertifikat"), "certificates", "certificate.view"),
    (_("Rekrutmen"), "recruitment", "recruitment.view"),
    (_("Wawancara"), "interviews", "recruitment.mark"),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`chrome` for `ui/base.html`. Before sign-in only the language switch is there."""
    post: Post | None = getattr(request, "post", None)
    language = reverse("set_language")
    lived = day.demonstration_day()
    if post is None or not request.user.is_authenticated:
        return {"chrome": parts.Chrome(language_url=language), "demonstration_day": lived}
    return {
        "demonstration_day": lived,
        "chrome": parts.Chrome(
            errands=tuple(_errands(request, post)),
            home_url=reverse("home"),
            search_url=reverse("families") if allows(post, "family.search") else "",
            name=request.user.name,
            role=post.title_on(request.today),  # type: ignore[attr-defined]
            place=place_of(post),
            posts=tuple(_posts(request, post)),
            post_url=reverse("switch_post"),
            language_url=language,
            settings_url=reverse("mfa_index"),
            record_url=reverse("my_record") if allows(post, "home.view") else "",
            people_url=reverse("people") if allows(post, "user.manage") else "",
            logout_url=reverse("account_logout"),
        ),
    }


FIELD_FIRST = ("home", "work", "families", "p2k2", "verification", "reports")  # who meets groups
OFFICE_FIRST = ("home", "families", "lists", "stages", "verification", "imports")


def _errands(request: HttpRequest, post: Post) -> list[parts.Errand]:
    errands = []
    first = FIELD_FIRST if post.role.reach == Reach.GROUPS else OFFICE_FIRST
    ranked = sorted(ERRANDS, key=lambda each: first.index(each[1]) if each[1] in first else len(first))
    for label, name, permission in ranked:
        if allows(post, permission):
            url = reverse(name)
            here = request.path == url if name == "home" else request.path.startswith(url)
            errands.append(parts.Errand(label, url, current=here))
    return errands


def _posts(request: HttpRequest, post: Post) -> list[parts.Post]:
    today = request.today  # type: ignore[attr-defined]
    return [
        parts.Post(str(held.pk), f"{heard(held.title_on(today))} {place_of(held)}".strip(), current=held.pk == post.pk)
        for held in request.posts  # type: ignore[attr-defined]
    ]


def place_of(post: Post) -> str:
    """The regions a post reaches, in words: "Kab. Tapin"."""
    return ", ".join(name_of(no) for no in post.region_nos)
