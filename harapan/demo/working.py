"""A facilitator's month in a demonstration: activities, duties, plans, and one person's finished month of reports."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from PIL import Image, ImageDraw

from harapan.accounts.models import Post
from harapan.demo.clock import NOW, noon
from harapan.demo.staff import Worker as Invented
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.fieldwork.activities import add_photograph
from harapan.fieldwork.making import make_reports
from harapan.fieldwork.models import Activity, WorkPlan
from harapan.fieldwork.plans import accept_plan, propose_plan
from harapan.fieldwork.workers import FACILITATOR, LEADS, Worker, worker_of
from harapan.workforce.models import ExtraDuty

YEAR, FINISHED = 2025, "2025-06"
SHOWN_REGENCY = 6_305_000_000  # where the sample files are about
DUTY_SHARE = 4  # one facilitator in so many has one
# result, action, hours a month, sentences; percent results also have what is still open
USUAL = (
    (1, "monitoring", 0.9, ("Memantau pencairan di agen dan menanyakan jumlah yang diterima",)),
    (1, "education", 0.5, ("Menjelaskan jadwal pencairan dan cara menjaga kartu serta PIN",)),
    (4, "candidate", 1.6, ("Menelusuri kesiapan graduasi keluarga yang usahanya berkembang",
                           "Membahas rencana usaha dengan keluarga calon graduasi")),
    (5, "update", 1.8, ("Memeriksa KK dan KTP keluarga yang anggotanya berubah",
                        "Mencatat perubahan sekolah anak setelah kenaikan kelas")),
    (6, "case", 0.6, ("Mendampingi keluarga yang kartunya tertelan mesin",
                      "Menengahi keluhan keluarga tentang potongan di agen")),
    (8, "meeting", 1.2, ("Rapat koordinasi tingkat kecamatan tentang verifikasi dan penyaluran",)),
    (8, "socialisation", 0.7, ("Sosialisasi hak dan kewajiban di balai desa",)),
    (9, "share", 1.5, ("Menyebarkan berita penyaluran tahap berjalan di grup warga",)),
)  # fmt: skip
LEADING = (
    (1, "supervise_1", 1.0, ("Mendampingi pemantauan penyaluran di dua desa",)),
    (2, "supervise_2", 1.0, ("Menghadiri pertemuan kelompok dan memberi masukan kepada pendamping",)),
    (3, "supervise_3", 0.7, ("Memeriksa formulir verifikasi bersama pendamping",)),
    (8, "evaluation", 1.0, ("Rapat evaluasi capaian pendamping bulan berjalan",)),
)  # fmt: skip
DUTIES = (
    ("bpnt", "Pendampingan pembayaran sembako", "Kantor pos"),
    ("ground_check", "Ground check DTSEN", "Desa dampingan"),
    ("sekolah_rakyat", "Penjangkauan calon siswa Sekolah Rakyat", "Kantor Dinas Sosial"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """One invented activity of a worker (a row of the staff)."""

    worker: Invented
    rhk: int
    action: str
    held_on: date
    begins: time
    text: str
    settled: bool


def write_work(world: World, staffed: Staffed) -> None:
    """A few statements for all, and the actions a page calls for the one whose month is shown."""
    done = list(_activities(world))
    people = [staffed.of(each.worker) for each in done]
    columns: Columns = {
        "user_id": people,
        "region_no": [each.worker.region_no for each in done],
        "rhk": [each.rhk for each in done],
        "action": [each.action for each in done],
        "held_on": [each.held_on for each in done],
        "begins": [each.begins for each in done],
        "ends": [time(each.begins.hour + 2, each.begins.minute) for each in done],
        "place": [each.worker.place for each in done],
        "text": [each.text for each in done],
        "settled": [each.settled for each in done],
        "recorded_by_id": people,
        "recorded_at": [noon(each.held_on) for each in done],
    }
    write(Activity, columns)
    _write_duties(world, staffed)


def _activities(world: World) -> Iterator[Done]:
    chance = Random(f"activities {world.seed}")
    for worker in world.staff:
        usual = USUAL if worker.role == FACILITATOR else LEADING if worker.role in LEADS else ()
        for month in range(1, NOW.month + 1):
            for rhk, action, often, sentences in usual:
                for turn in range(int(often + chance.random())):
                    held_on = date(YEAR, month, chance.randint(1 + 13 * turn, 13 + 13 * turn))
                    if held_on < NOW and held_on.isoweekday() < 6:
                        begins = time(chance.choice((8, 9, 10, 13, 14)), chance.choice((0, 30)))
                        settled = rhk != 6 or chance.random() < 0.8
                        yield Done(worker, rhk, action, held_on, begins, chance.choice(sentences), settled)


def _write_duties(world: World, staffed: Staffed) -> None:
    chance = Random(f"duties {world.seed}")
    called = [each for each in world.staff if each.role == FACILITATOR][::DUTY_SHARE]
    kinds = [chance.choice(DUTIES) for _ in called]
    first = [date(YEAR, 6, chance.randint(2, 4)) if n % 2 else date(YEAR, 7, 21) for n in range(len(called))]
    people = [staffed.of(each) for each in called]
    columns: Columns = {
        "user_id": people,
        "region_no": [each.region_no for each in called],
        "kind": [code for code, _title, _place in kinds],
        "title": [title for _code, title, _place in kinds],
        "place": [place for _code, _title, place in kinds],
        "letter_no": [f"400.9/{chance.randint(100, 999)}/Dinsos/{YEAR}" for _ in called],
        "letter_on": [day - timedelta(days=chance.randint(2, 12)) for day in first],
        "first_on": first,
        "last_on": [day + timedelta(days=chance.randint(1, 3)) for day in first],
        "recorded_by_id": people,
        "recorded_at": [noon(min(day, NOW)) for day in first],
    }
    write(
        ExtraDuty, columns, letter_by="Kepala Dinas Sosial", letter_by_post="Kepala Dinas Sosial kab/kota",
        minutes_a_day=450, cancelled_on=None, cancelled_because="",
    )  # fmt: skip


def finish_a_month() -> None:
    """Plan, photographs and the nine reports of one facilitator, by the very actions that pages call."""
    shown = _shown()
    if shown is None:
        return
    by = shown.user
    of_month = Activity.objects.filter(user=by, held_on__month=int(FINISHED[5:]), rhk__in=(4, 8))
    for activity in of_month.order_by("held_on", "pk")[:3]:
        add_photograph(activity.pk, _picture(activity), name=f"foto-{activity.pk}.jpg", by=by, on=NOW)
    plan = propose_plan(shown, f"{NOW:%Y-%m}", by=by, on=NOW).plan
    if plan.items.exists():
        accept_plan(plan.pk, by=by, on=NOW)
        WorkPlan.objects.filter(pk=plan.pk).update(proposed_at=noon(NOW), accepted_at=noon(NOW))
    make_reports([shown], FINISHED, by=by, on=NOW, address="http://127.0.0.1:8000")


def _shown() -> Worker | None:
    """A facilitator of the kabupaten that the sample files are about, else any."""
    posts = Post.objects.filter(role_code=FACILITATOR).select_related("user").order_by("user_id")
    here = posts.within((SHOWN_REGENCY, SHOWN_REGENCY + 10**6)).first() or posts.first()
    return worker_of(here) if here else None


def _picture(activity: Activity) -> bytes:
    """A drawn stand-in for a photograph, with its day written on it."""
    chance = Random(f"picture {activity.held_on} {activity.begins}")
    image = Image.new("RGB", (1200, 900), tuple(chance.randint(90, 200) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        left, top = chance.randint(0, 1100), chance.randint(200, 700)
        shade = tuple(chance.randint(40, 230) for _ in range(3))
        pen.ellipse((left, top, left + chance.randint(80, 200), top + chance.randint(120, 260)), fill=shade)
    pen.text((40, 40), f"Gambar peragaan, {activity.held_on:%d.%m.%Y}", fill="white", font_size=48)
    exif = Image.Exif()
    exif[306] = f"{activity.held_on:%Y:%m:%d} {activity.begins:%H:%M}:00"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()
