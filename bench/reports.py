"""How long a month's pack of reports takes: nine for each facilitator, with the official pages of every meeting.

The people, meetings and activities are the demonstration's, large enough for so many facilitators; every meeting of the
month has photographs (drawn noise, which compresses as badly as a real one).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
from pathlib import Path
from random import Random
from secrets import token_urlsafe
from typing import Any

import psutil
from PIL import Image

from harapan.accounts.models import Post
from harapan.database.scope import Scope, put_on
from harapan.demo.clock import NOW
from harapan.demo.convening import write_meetings
from harapan.demo.registering import write_registry
from harapan.demo.staffing import write_staff
from harapan.demo.working import FINISHED, write_work
from harapan.demo.world import invent
from harapan.fieldwork.packs import pack
from harapan.fieldwork.workers import FACILITATOR, Worker, worker_of
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.p2k2.models import Photograph, Session

FAMILIES_EACH = 250
DRAWN = 12  # pictures in all


def fill(facilitators: int, pictures: int) -> list[Worker]:
    """The first so many facilitators, by number."""
    world = invent(families=max(facilitators * FAMILIES_EACH, 600))
    with put_on(Scope.batch(via="bench")):
        staffed = write_staff(world, password=token_urlsafe())
        written = write_registry(world, staffed)
        write_meetings(world, staffed, written)
        write_work(world, staffed)
        add_pictures(pictures)
        posts = Post.objects.filter(role_code=FACILITATOR).select_related("user").order_by("user_id")
        return [worker_of(post) for post in posts[:facilitators]]


def add_pictures(each: int) -> None:
    laid = [storage.lay_down("photograph", noise(number)) for number in range(DRAWN)]
    held = Session.objects.filter(held_on__year=NOW.year, held_on__month=int(FINISHED[5:])).order_by("pk")
    for place, session in enumerate(held):
        for turn in range(each):
            digest, size = laid[(place * each + turn) % DRAWN]
            file = StoredFile.objects.create(
                name="foto.jpg", kind="photograph", media_type="image/jpeg", size=size, digest=digest,
                owner=session.recorded_by_id, region_no=session.region_no, group_no=session.group_id,
            )  # fmt: skip
            Photograph.objects.create(
                session=session, group_id=session.group_id, region_no=session.region_no, original=file, shown=file,
                recorded_by_id=session.recorded_by_id,
            )  # fmt: skip


def noise(seed: int) -> bytes:
    chance = Random(seed)
    small = Image.frombytes("RGB", (160, 120), chance.randbytes(160 * 120 * 3))
    out = io.BytesIO()
    small.resize((1600, 1200)).save(out, "JPEG", quality=82)
    return out.getvalue()


def measured(people: list[Worker], folder: Path) -> dict[str, Any]:
    scope, by = Scope.batch(via="bench"), people[0].user
    figures: dict[str, Any] = {"facilitators": len(people)}
    for turn in ("first", "again"):
        out, start = folder / f"{turn}.zip", time.perf_counter()
        worked = time.process_time()
        packed = pack(people[0].post, FINISHED, out, scope=scope, by=by, on=NOW, address="", people=people)
        seconds = time.perf_counter() - start
        figures |= {
            f"{turn}_seconds": round(seconds, 1),
            f"{turn}_cpu_seconds": round(time.process_time() - worked, 1),
            f"{turn}_made": packed.fresh, "reports": packed.reports,
            "zip_mb": round(out.stat().st_size / 1e6, 1),
        }  # fmt: skip
    figures["peak_rss_mb"] = psutil.Process(os.getpid()).memory_info().rss // 2**20
    return figures


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facilitators", type=int, default=40)
    parser.add_argument("--pictures", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    people = fill(given.facilitators, given.pictures)
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(people, Path(folder))
    print(json.dumps(figures) if given.json else "\n".join(f"{name:<16}  {value}" for name, value in figures.items()))
