"""BPNT of the ministry's list, taken over for the counter."""

from __future__ import annotations

from typing import Any

import pytest

from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.files import storage
from harapan.intake.counter_dues import take_listed_bpnt
from harapan.intake.models import ImportRun, OtherProgrammeRow
from harapan.payments.models import ProgrammeDue
from tests.benefits.world import STAGE, TAPIN, World, make_world
from tests.web.signing import person


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture
def import_run(world: World) -> ImportRun:
    post = person("data_officer", regions=(TAPIN,))
    file = storage.store("daftar.csv", kind="import", contents=b"a;b", owner=post.user_id)
    return ImportRun.objects.create(layout="beneficiaries", stage=STAGE, file=file, by=post.user, post=post)


def kept(run: ImportRun, line: int, **about: Any) -> None:
    family = about["family"]
    known = {"stage": STAGE, "programme": "BPNT", "wave": "1", "name": "IBU", "amount_idr": 200_000} | about
    region = family.region_id if family else 6305032009
    OtherProgrammeRow.objects.create(run=run, line=line, person_key=f"k{line}", region_no=region, **known)


def test_waves_add_up_and_nothing_else_is_taken(world: World, import_run: ImportRun) -> None:
    first, second, third = (world.family() for _ in range(3))
    world.listed(dict.fromkeys((first, second, third), 600_000))
    stage = Stage.objects.get(name=STAGE)
    with pytest.raises(Refused, match="tidak memuat BPNT"):
        take_listed_bpnt(stage, by=world.user)
    kept(import_run, 2, family=first)
    kept(import_run, 3, family=first, wave="2")
    kept(import_run, 4, family=second, programme="SEMBAKO", amount_idr=400_000)
    kept(import_run, 5, family=third, programme="PBI")
    kept(import_run, 6, family=None)
    kept(import_run, 7, family=third, stage="2025-1")
    assert take_listed_bpnt(stage, by=world.user) == 2
    assert take_listed_bpnt(stage, by=world.user) == 0
    assert dict(ProgrammeDue.objects.values_list("family", "amount_idr")) == {first.pk: 400_000, second.pk: 400_000}
