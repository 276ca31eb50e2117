"""The person behind every login of a demonstration."""

from __future__ import annotations

from datetime import date, datetime

from harapan.database.fields import draw_ids
from harapan.demo.staff import Worker
from harapan.demo.staffing import SINCE, Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.workforce.models import Person

BORN, TAKEN_ON, SEX = slice(0, 8), slice(8, 14), slice(14, 15)  # of a NIP: yyyymmdd yyyymm s nnn


def write_persons(world: World, staffed: Staffed) -> dict[str, int]:
    """A person for each worker, as their NIP tells it. Returns person numbers by user name."""
    ids = draw_ids(Person, len(world.staff))
    columns: Columns = {
        "id": ids,
        "user_id": [staffed.of(worker) for worker in world.staff],
        "name": [worker.name for worker in world.staff],
        "staff_number": [worker.staff_number for worker in world.staff],
        "sex": [int(worker.staff_number[SEX]) for worker in world.staff],
        "born_on": [datetime.strptime(worker.staff_number[BORN], "%Y%m%d").date() for worker in world.staff],  # noqa: DTZ007  (a day)
        "region_no": [worker.region_no for worker in world.staff],
        "cohort": [_taken_on(worker).year for worker in world.staff],
        "since": [min(_taken_on(worker), SINCE) for worker in world.staff],
    }
    write(Person, columns, kind=Person.Kind.PKH, education="", email="", phone="")
    return {worker.username: number for worker, number in zip(world.staff, ids, strict=True)}


def _taken_on(worker: Worker) -> date:
    digits = worker.staff_number[TAKEN_ON]
    return date(int(digits[:4]), int(digits[4:]), 1)
