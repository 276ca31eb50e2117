"""Home tells each role what waits in its own reach, in a number of queries that does not grow."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.benefits.models import StageRegency, State
from harapan.core.components import Component
from harapan.database import day
from harapan.registry.models import Facility, Group, Question
from harapan.ui.parts import Task
from harapan.web.home.views import _first
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in


@pytest.fixture
def officer(world: World) -> Post:
    for group in world.groups.values():  # who meets a group holds a post
        Post.objects.create(
            user=group.facilitator, role_code="facilitator", region_nos=[group.region_id], groups=[group.pk],
            since=date(2024, 1, 1),
        )  # fmt: skip
    return person("data_officer", regions=(TAPIN,))


def home(post: Post) -> str:
    response = signed_in(post).get(reverse("home"))
    assert response.status_code == 200
    return str(response.content.decode())


def ask(family: Any) -> Question:
    return Question.objects.create(family=family, field="name", source="list")


def school(village: int = HIYUNG, code: str = "30305001") -> Facility:
    return Facility.objects.create(
        kind="school", code=code, name=f"SDN {code}", name_key=f"SDN {code}", level="SD", region_id=village
    )


def test_what_waits_is_counted_in_the_own_reach_only(world: World, officer: Post) -> None:
    ask(world.family(village=HIYUNG))
    ask(world.family(village=BAMBAN))  # the next kabupaten
    page = home(officer)
    assert "Dua sumber berbeda soal NIK, KK, atau nama" in page
    assert '<span class="count wait">1</span>' in page


@pytest.mark.parametrize(
    ("asked", "said"), [(1, ">Disagreement between two sources on"), (2, ">Disagreements between two sources on")]
)
def test_an_english_title_is_of_one_or_of_more(world: World, officer: Post, asked: int, said: str) -> None:
    for _each in range(asked):
        ask(world.family(village=HIYUNG))
    client = signed_in(officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert said in client.get(reverse("home")).content.decode()


def test_groups_without_facilitator_wait_for_who_may_appoint(world: World, officer: Post) -> None:
    Group.objects.create(name="Kelompok Melati", region_id=HIYUNG)
    Group.objects.create(name="Kelompok Mawar", region_id=BAMBAN)
    assert "Kelompok belum punya pendamping" in home(officer)
    listed = signed_in(officer).get(reverse("groups"), {"alone": "on"}).content.decode()
    assert "Kelompok Melati" in listed
    assert "Kelompok Mawar" not in listed
    lead = person("district_lead", regions=(6305030000,))
    assert "Kelompok belum punya pendamping" not in home(lead)


def test_months_nobody_spoke_of_wait_for_the_facilitator(world: World) -> None:
    world.family((Component.PRIMARY, {"facility": school()}))
    facilitator = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,))
    page = home(facilitator)
    assert "3 bulan sekolah dan posyandu belum diverifikasi" in page
    assert re.search(r"<p>[A-Z]\w+–[A-Z]\w+ 20\d\d: belum ada yang menyatakan apa pun", page)
    elsewhere = person("facilitator", regions=(6305020000,), groups=(world.groups[CEMPAKA].pk,))
    assert "belum diverifikasi</mark>" not in home(elsewhere)


def test_months_of_every_open_stage_wait_each_with_the_way_there(
    world: World, officer: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of the second stage has come while the first is still open; of the third a month is over."""
    monkeypatch.setattr("harapan.database.day.today", lambda: date(2025, 5, 20))
    served = school()
    family = world.family((Component.PRIMARY, {"facility": served}))
    for stage in ("2025-1", "2025-2"):
        world.listed({family: 225_000}, stage=stage)
    page = home(officer)
    for stage, months in (("2025-1", 2), ("2025-2", 3), ("2025-3", 1)):
        link = f"{reverse('verification')}?stage={stage}&amp;state=open"
        assert link in page
        there = signed_in(officer).get(reverse("verification"), {"stage": stage, "state": "open"}).content.decode()
        told = re.search(r"<h1.*?</h1>", there, re.S)
        assert told
        assert f"<mark>{months} bulan</mark> sekolah dan posyandu belum diverifikasi" in " ".join(told[0].split())
    assert "sekolah dan posyandu tahap 2025-3 belum diverifikasi" in page
    StageRegency.objects.filter(stage__name="2025-1").update(state=State.RECONCILED)
    assert "?stage=2025-1&amp;" not in home(officer)


def test_lost_from_the_list_and_money_of_the_stage_are_told(world: World, officer: Post) -> None:
    stays, goes = world.family(), world.family()
    world.listed({stays: 750_000, goes: 225_000}, stage="2025-1")
    world.listed({stays: 750_000})
    page = home(officer)
    assert "Keluarga hilang dari daftar 2025-2" in page
    assert "Rp750.000" in page
    assert 'aria-current="step"' in page


def test_without_families_the_way_to_begin_is_shown(officer: Post) -> None:
    page = home(officer)
    assert "Belum ada keluarga di wilayah Anda" in page
    assert reverse("import_new") in page


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("Anda dipanggil dalam perkara etik", "Anda dipanggil dalam perkara etik"),
        ("RTL Anda menunggu evaluasi", "2 RTL Anda menunggu evaluasi"),
        ("Undangan diklat menunggu jawaban Anda", "2 undangan diklat menunggu jawaban Anda"),
    ],
)
def test_a_task_inside_the_sentence_keeps_its_capitals(what: str, said: str) -> None:
    count = 2 if said.startswith("2") else 1
    assert _first(Task(count=count, what=what, detail="", url="/", deed="")) == said


def test_role_without_pages_is_told_so(world: World) -> None:
    assert "belum punya halaman kerja" in home(person("contact_agent"))


def test_a_role_with_pages_and_nothing_waiting_is_told_that(world: World) -> None:
    assert "Semua sudah beres" in home(person("training_centre"))


@pytest.mark.parametrize("role", ["policy_maker", "treasurer", "auditor", "commitment_officer", "operator"])
def test_national_roles_have_a_home_of_their_own(role: str, world: World) -> None:
    world.listed({world.family(): 750_000})
    page = home(person(role))
    assert "Tahap 2 Tahun 2025" in page


def test_auditor_is_told_what_is_unfinished_and_asked_for_no_deed(world: World) -> None:
    ask(world.family())
    page = home(person("auditor"))
    assert "belum selesai" in page
    assert "btn main" not in page


def test_queries_do_not_grow_with_families(world: World, officer: Post) -> None:
    def queries() -> int:
        client = signed_in(officer)
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("home"))
        return len(captured)

    def fill() -> None:
        world.listed({world.family((Component.PRIMARY, {"facility": place})): 225_000 for _number in range(5)})
        ask(world.family())

    place = school()
    fill()
    few = queries()
    for _time in range(3):
        fill()
    assert queries() == few
    assert few <= 45


def test_a_facilitators_own_month_waits_with_the_figures_of_the_page_of_tasks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: date(2025, 7, 18))
    world.listed({world.family((Component.PRIMARY, {"facility": school()})): 225_000})  # months of two stages are open
    facilitator = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,))
    page = home(facilitator)
    tasks = signed_in(facilitator).get(reverse("work")).content.decode()
    late, total = re.findall(r"<mark>(\d+) dari (\d+) tugas</mark> lewat waktu", tasks)[0]
    assert re.search(rf'<span class="count wait">{late}</span>.{{0,90}}/tugas/\?urgency=late', page, re.S)
    assert f"Dari {total} tugas keluarga" in page
    assert "Rencana kerja Juli 2025 belum disetujui" in page
    assert "Laporan Juni 2025 belum dibuat" in page
    lead = home(person("district_lead", regions=(6305030000,)))
    assert "Tugas lewat waktu" not in lead


def test_before_the_first_day_one_is_told_when_it_is_and_on_it_owes_no_report(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = date(2025, 10, 1)
    post = person("facilitator", regions=(6305030000,))
    Post.objects.filter(pk=post.pk).update(since=begins)
    monkeypatch.setattr(day, "today", lambda: date(2025, 9, 20))
    early = home(post)
    assert "Anda mulai bertugas 1 Oktober 2025" in early
    assert reverse("account_logout") in early
    monkeypatch.setattr(day, "today", lambda: begins)
    assert "Laporan September 2025" not in home(post)
    Post.objects.filter(pk=post.pk).update(until=date(2025, 11, 1))
    monkeypatch.setattr(day, "today", lambda: date(2025, 11, 1))
    assert "Anda tidak memegang jabatan hari ini" in home(post)
