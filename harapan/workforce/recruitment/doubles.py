"""Which of several applications of one person counts: settled as each is sent or withdrawn, wherever they applied."""

from __future__ import annotations

from datetime import date

from django.db import connections

from harapan.database.scope import active_alias


def make_way(application_id: int, *, on: date) -> date | None:
    """Before a draft is sent: the others of its NIK are set aside, or by the round's rule it is (the day; else None).

    Holds back whoever sends with the same NIK until the transaction ends.
    """
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.application_makes_way(%s, %s)", [application_id, on])
        day: date | None = cursor.fetchone()[0]
    return day


def give_way(application_id: int) -> None:
    """After one is withdrawn: another of its NIK counts in its stead, if there is one."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.application_gives_way(%s)", [application_id])
