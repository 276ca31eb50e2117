"""`harapan places`: who waits for a place in a course, and the plan that empties the queue."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.core.periods import parse_month
from harapan.database import day
from harapan.database.scope import put_on
from harapan.training.models import Course
from harapan.training.needs.accepting import accept, draw_up


@click.group()
def command() -> None:
    """Antrean tempat diklat, dan rencana yang mengosongkannya.

    Contoh: harapan places plan diklat-p2k2 --from 2025-08 --as bbppks
    """


@command.command()
@click.argument("course", metavar="DIKLAT")
@click.option("--from", "first", required=True, metavar="BULAN", help="Bulan pertama, misalnya 2025-08.")
@click.option("--accept", "agreed", is_flag=True, help="Buat angkatannya dan undang pesertanya.")
@acting
@as_json
def plan(course: str, first: str, agreed: bool, by: Any, why: str | None, as_json: bool) -> None:
    """Kursi kosong, lalu kelas per balai dan bulan sampai antrean habis. Antrean yang sama memberi rencana yang sama.

    Contoh: harapan places plan diklat-p2k2 --from 2025-08 --as bbppks
    """
    demand(by.post, "need.plan")
    month, today = parse_month(first), day.today()
    with put_on(by.scope, read_only=not agreed):
        found = Course.objects.filter(code=course).first()
        if found is None:
            known = ", ".join(Course.objects.order_by("code").values_list("code", flat=True))
            raise Refused("Diklat {code} tidak ada di katalog. Yang ada: {known}.", code=course, known=known or "-")
        made = draw_up(found, first_month=month, on=today)
        if agreed:
            accept(found, first_month=month, digest=made.digest, by=by.user, on=today)
    people: Counter[tuple[str, str]] = Counter()
    classes: Counter[tuple[str, str]] = Counter()
    for each in made.all:
        people[each.centre.name, each.month] += len(each.people)
        classes[each.centre.name, each.month] += not each.batch
    value = {
        "course": course, "digest": made.digest, "people": made.people, "seated": made.seated,
        "classes": len(made.classes), "last_month": made.last_month, "accepted": agreed,
        "months": [
            {"centre": centre, "month": at, "classes": classes[centre, at], "people": people[centre, at]}
            for centre, at in people
        ],
    }  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _shown(value))


def _shown(value: dict[str, Any]) -> str:
    said = "dibuat" if value["accepted"] else "direncanakan"
    people, seated, classes = (thousands(value[name]) for name in ("people", "seated", "classes"))
    rows = [
        f"  {each['month']}  {each['centre']:<22} {each['classes']:>3} kelas {each['people']:>5} orang"
        for each in value["months"]
    ]
    head = f"{people} orang ({seated} di kursi kosong), {classes} kelas {said}, yang terakhir {value['last_month']}."
    return "\n".join([head, *rows, f"Sidik rencana {value['digest'][:16]}"])
