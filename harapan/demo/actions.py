"""Filling an installation with a demonstration, once; and taking it out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connections, transaction

from harapan.audit import log
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database import day
from harapan.database.places import lock
from harapan.database.scope import Scope, active_alias, put_on
from harapan.demo import deciding, disbursing, emptied, handing, inventing, logins, paying, receiving
from harapan.demo.attending import write_attendance
from harapan.demo.calling import visit_doubtful, write_visits
from harapan.demo.caring import write_care
from harapan.demo.certified import write_certified
from harapan.demo.clock import FINAL, FIRST, NOW, SECOND, WAITING
from harapan.demo.convening import write_meetings
from harapan.demo.learning import write_learning
from harapan.demo.lists import MinistryList
from harapan.demo.ministry import Ministry
from harapan.demo.newcomers import write_newcomers
from harapan.demo.office import Office
from harapan.demo.persons import write_persons
from harapan.demo.recruiting import recruit
from harapan.demo.registering import write_registry
from harapan.demo.serving import write_serving
from harapan.demo.staffing import write_staff
from harapan.demo.terrain import write_terrain
from harapan.demo.training import write_training
from harapan.demo.updating import record_changes
from harapan.demo.upholding import uphold
from harapan.demo.working import finish_a_month, write_work
from harapan.demo.world import World, invent
from harapan.regions.models import Region
from harapan.registry.models import Family

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What an installation was filled with."""

    province: str
    families: int
    seed: int


class AlreadyFilled(Refused):
    """There are families here that this demonstration did not bring."""


def present() -> Demo | None:
    """The demonstration that stands here, if any."""
    with put_on(Scope.batch(via="demo")):
        told = Entry.objects.filter(subject_kind="demo", verb__in=("demo.loaded", "demo.removed"))
        entry = told.order_by("-id").first()
    if entry is None or entry.verb == "demo.removed":
        return None
    return Demo(**json.loads(entry.body or "{}"))


def _whole() -> bool:
    """Whether the demonstration that stands here has its computed stages as well."""
    with put_on(Scope.batch(via="demo")):
        entry = Entry.objects.filter(subject_kind="demo").order_by("-id").first()
    return entry is not None and entry.verb == "demo.completed"


def complete(world: World | None = None, *, say: Say) -> None:
    """Add the two computed stages to the demonstration that stands here; what a killed load left is taken up.

    They work on sessions of their own and commit as they go, so they come after the demonstration's transaction.
    Raises Refused where no demonstration stands.
    """
    with lock("demo"):
        if _whole():
            return
        day.live_in(NOW)
        ministry = Ministry.of(world or standing_world())
        say(f"Membekukan, menghitung, dan menyetujui {FINAL}")
        disbursing.decide(ministry)
        say(f"Membayar {FINAL} dan membukukan jawaban bank")
        disbursing.pay(ministry)
        say(f"Menutup {FINAL}")
        disbursing.close(ministry)
        say(f"Menyiapkan {WAITING} untuk persetujuan")
        deciding.wait_for_approval(ministry)
        with put_on(Scope.batch(via="demo")):
            log.record("demo.completed", kind="demo")


def load(asked: Demo, *, say: Say) -> World:
    """Write the whole province in one transaction. Raises AlreadyFilled where there are families already."""
    with lock("demo"):
        refuse_filled()
        say("Mengarang keluarga, pendamping, dan sekolah")
        world = invent(province=asked.province, families=asked.families, seed=asked.seed)
        with put_on(Scope.batch(via="demo")):
            _refuse_without_regions(world)
            say("Menulis pengguna dan kelompok")
            staffed = write_staff(world, password=logins.password())
            persons = write_persons(world, staffed)
            write_serving(world, staffed, persons)
            say("Menulis diklat, sertifikat, dan tindak lanjutnya")
            write_certified(world, staffed, persons)
            say("Menulis keluarga dan anggota")
            written = write_registry(world, staffed)
            say("Menulis medan dan tugas tambahan")
            write_terrain(world, staffed)
            say("Menulis kehadiran di sekolah dan posyandu")
            write_attendance(world, staffed, written)
            write_care(world, staffed)
            say("Menulis pertemuan P2K2 dan kehadirannya")
            write_meetings(world, staffed, written)
            write_visits(world, staffed, written)
            say("Memeriksa catatan pendamping dan mengundi kunjungan cek")
            office = Office(world, staffed, written)
            inventing.invent_and_check(office)
            say("Menulis kegiatan dan tugas tambahan")
            write_work(world, staffed)
            say("Menulis pelajaran daring dan kemajuan pesertanya")
            write_learning(world, staffed, persons)
            _go_through_the_stages(office, say=say)
            say("Mencatat pemutakhiran data")
            record_changes(office)
            say("Menulis angkatan diklat, pesertanya, kehadiran, dan nilainya")
            write_training(world, staffed, persons)
            say("Menulis tanda tangan dan perkara kode etik")
            uphold(office)
            say("Menulis dua putaran rekrutmen")
            recruit(office)
            say("Menyusun rencana kerja dan laporan satu pendamping")
            finish_a_month()
            log.record("demo.loaded", kind="demo", body=asdict(asked))
            transaction.on_commit(_gather_statistics, using=active_alias())
        day.live_in(NOW)
    return world


def _gather_statistics() -> None:
    """Tell the planner at once how much there is now; where only the logins are known, autovacuum will."""
    if "owner" in connections.databases:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")


def _go_through_the_stages(office: Office, *, say: Say) -> None:
    """By the very actions that pages and commands call, each in the name of whoever would do it."""
    for stage in (FIRST, SECOND):
        listed = MinistryList(office.world, stage)
        say(f"Membawa masuk daftar {stage}")
        receiving.receive_lists(office, listed)
        receiving.receive_centre_statuses(office, listed)
        say(f"Membukukan jawaban bank dan pos {stage}")
        paying.receive_answers(office, listed)
    say("Menghitung di samping daftar")
    receiving.compute_stages(office)
    say("Mencatat kartu, rekonsiliasi, dan berita acara")
    paying.record_cards(office)
    paying.set_one_aside(office)
    paying.reconcile_first(office)
    say("Mencatat kunjungan rumah dan jalan keluarga baru")
    visit_doubtful(office)
    write_newcomers(office)
    say("Mencatat serah terima di lapangan")
    handing.hand_over(office)


def _refuse_without_regions(world: World) -> None:
    if not Region.objects.filter(no=world.province.number).exists():
        raise Refused("Daftar wilayah belum dimuat di pemasangan ini. Jalankan `harapan setup` lebih dahulu.")


def refuse_filled() -> None:
    """Raises AlreadyFilled where there are families here, whoever brought them."""
    with put_on(Scope.batch(via="demo")):
        count = Family.objects.count()
    if count:
        raise AlreadyFilled(
            f"Pemasangan ini sudah berisi {count} keluarga. Pakai HARAPAN_VAR lain untuk peragaan yang berbeda, "
            "atau --fresh untuk mengganti peragaan yang ada."
        )


def remove(*, say: Say) -> None:
    """Empty the installation of its demonstration, as the owner: people, money, files, and the demonstration's users.

    The log stays, as logs do. Raises Refused where no demonstration stands.
    """
    if present() is None:
        raise Refused("Tidak ada peragaan di pemasangan ini, jadi tidak ada yang dihapus.")
    say("Menghapus peragaan yang ada")
    emptied.empty()
    emptied.empty_folders()
    day.live_in(None)
    with put_on(Scope.batch(via="demo")):
        log.record("demo.removed", kind="demo")


def standing_world() -> World:
    """The demonstration that stands here, invented again. Raises Refused where none does."""
    standing = present()
    if standing is None:
        raise Refused("Belum ada peragaan di pemasangan ini. Jalankan `harapan demo` lebih dahulu.")
    return invent(province=standing.province, families=standing.families, seed=standing.seed)
