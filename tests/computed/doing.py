"""Pages of a computed stage as people use them: signed in by role, with the queued work carried out by the test."""

from __future__ import annotations

import json
from typing import Any

from django.db import connections
from django.test import Client
from procrastinate.contrib.django import app

from harapan.accounts.models import Post
from harapan.database.scope import Scope, put_on
from harapan.jobs.models import Work
from tests.computed.ground import Ground
from tests.web.signing import person, signed_in


def reader(ground: Ground, role: str) -> Client:
    with put_on(Scope.batch(via="test")):
        post = Post.objects.select_related("user").get(user=ground.people[role])
    return signed_in(post)


def newcomer(role: str, *, regions: tuple[int, ...] = ()) -> Client:
    with put_on(Scope.batch(via="test")):
        post = person(role, regions=regions)
    return signed_in(post)


def works() -> list[Work]:
    """What was asked for, whoever asked."""
    with put_on(Scope.batch(via="test")):
        return list(Work.objects.order_by("id"))


def carry_out() -> list[str]:
    """Do what waits in the queue, oldest first, as the worker would; the names of what was done."""
    done = []
    while job := _next():
        name, arguments = job
        app.tasks[name](**arguments)
        done.append(name)
    return done


def _next() -> tuple[str, dict[str, Any]] | None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo')"
            " RETURNING task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0], row[1] if isinstance(row[1], dict) else json.loads(row[1])
