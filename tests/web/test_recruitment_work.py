"""A large round: its steps are asked for, seen with a bar, done by the worker, and a second click asks for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from harapan.database import day
from harapan.database.scope import Scope
from harapan.jobs.models import Work
from harapan.workforce import tasks
from harapan.workforce.models import StageScore
from tests.web.signing import signed_in
from tests.workforce.recruiting import AFTER, Running, make_running


@pytest.fixture
def large(system: Scope, monkeypatch: pytest.MonkeyPatch) -> Running:
    """A closed round that is too large for a page."""
    monkeypatch.setattr(day, "today", lambda: AFTER)
    monkeypatch.setattr(tasks, "AT_ONCE_MAX", 1)
    running = make_running()
    for _ in range(2):
        running.apply()
    running.close()
    return running


def step(client: Client, running: Running, deed: str) -> Any:
    return client.post(reverse("round_step", args=[running.round.pk, deed]))


def test_a_page_asks_and_shows_how_far_it_is(large: Running) -> None:
    client = signed_in(large.post)
    asked = step(client, large, "periksa")
    work = Work.objects.get()
    assert asked.url.endswith(f"?kerja={work.pk}")
    assert not StageScore.objects.exists()
    assert step(client, large, "periksa").url == asked.url  # a second click
    page = client.get(asked.url).content.decode()
    assert "Periksa administrasi" in page
    assert 'role="progressbar"' in page
    assert "langkah-periksa" not in page  # nothing else may be begun meanwhile
    assert client.get(reverse("round_progress", args=[large.round.pk])).status_code == 200
    tasks.check_later(work_id=work.pk, round_id=large.round.pk, after=0)
    assert StageScore.objects.count() == 2
    over = client.get(reverse("round_progress", args=[large.round.pk]) + f"?kerja={work.pk}")
    assert over.url.endswith(f"?kerja={work.pk}")


def test_what_was_asked_before_somebody_else_ranked_is_refused_with_the_reason(large: Running) -> None:
    client = signed_in(large.post)
    step(client, large, "urutkan")
    work = Work.objects.get()
    tasks.rank_later(work_id=work.pk, round_id=large.round.pk, after=7)
    page = client.get(reverse("round", args=[large.round.pk]) + f"?kerja={work.pk}").content.decode()
    assert "Peringkat lain sudah disusun sejak ini diminta" in page
    assert "langkah-urutkan" in page


def test_a_refusal_in_the_background_is_told_in_words(large: Running) -> None:
    client = signed_in(large.post)
    step(client, large, "urutkan")
    work = Work.objects.get()
    tasks.rank_later(work_id=work.pk, round_id=large.round.pk, after=0)
    work.refresh_from_db()
    assert work.state == Work.State.FAILED
    page = client.get(reverse("round", args=[large.round.pk]) + f"?kerja={work.pk}").content.decode()
    assert "Belum ada nilai Administrasi satu pun" in page
