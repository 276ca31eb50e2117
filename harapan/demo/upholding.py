"""The code of ethics in a demonstration: signed by most, cases at every step, two kecamatan asked five questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from harapan.accounts.models import Post, User
from harapan.database.fields import draw_ids
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.demo.clock import NOW
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.office import Office
from harapan.demo.writing import Columns, write
from harapan.payments.models import HeldCard
from harapan.payments.referring import refer_held_card
from harapan.regions import codes
from harapan.workforce.ethics import asking, deciding, handling, signing, speaking, texts
from harapan.workforce.ethics.deciding import Verdict
from harapan.workforce.ethics.reporting import VIA, Told, file_report
from harapan.workforce.models import CodeSignature, EthicsCase, EthicsVisit, Person

LEFT_OUT = 9  # one person in so many has not signed this year
SIGNED_ON = {2024: date(2024, 1, 15), 2025: date(2025, 1, 20)}
ASKED_ON, DRAWN_DISTRICTS = date(2025, 7, 10), 2
Answer = EthicsVisit.Answer


@dataclass(frozen=True, slots=True)
class Story:
    """A report and how far it goes by the demonstration's present: `days` of its steps, in their order."""

    offence: str
    told: str
    charge: str
    days: Sequence[date]
    level: str = ""
    measures: Sequence[str] = ()
    named: bool = False
    appeal: bool = False


STORIES = (
    Story("hoaxes", "Di grup pesan ia menyebar kabar bahwa bantuan tahap berikutnya dihapus bila tidak memilih.", "",
          (date(2025, 7, 15),)),
    Story("gifts", "Setiap pencairan ia minta beras dua kilo dari tiap keluarga sebagai tanda terima kasih.", "",
          (date(2025, 6, 25), date(2025, 6, 27)), named=True),
    Story("data_leak", "Daftar nama dan nomor KTP kelompok difoto dan dikirim ke pedagang pinjaman.",
          "Membagikan daftar keluarga dampingan kepada pihak lain tanpa izin pada Juni 2025.",
          (date(2025, 6, 20), date(2025, 6, 23), date(2025, 7, 4), date(2025, 7, 8)), named=True),
    Story("neglect", "Sudah lima bulan tidak ada pertemuan kelompok, tetapi laporannya selalu ada.",
          "Tidak mengadakan pertemuan kelompok Januari sampai Mei 2025 dan melaporkannya sebagai dilaksanakan.",
          (date(2025, 6, 2), date(2025, 6, 4), date(2025, 6, 16), date(2025, 6, 20), date(2025, 6, 30),
           date(2025, 7, 9)), "medium", ("warning",)),
    Story("conduct", "Ia membentak ibu-ibu di depan orang banyak saat pertemuan.",
          "Berkata kasar kepada peserta pertemuan kelompok pada Februari 2025.",
          (date(2025, 3, 3), date(2025, 3, 5), date(2025, 3, 17), date(2025, 3, 20), date(2025, 3, 27),
           date(2025, 4, 4), date(2025, 4, 21)), "light", ("written_reprimand",)),
    Story("cutting_aid", "Ia mengambil lima puluh ribu dari setiap keluarga waktu pencairan di kantor pos.",
          "Memotong bantuan tujuh keluarga sebesar Rp50.000 pada pencairan Januari 2025.",
          (date(2025, 2, 10), date(2025, 2, 12), date(2025, 2, 24), date(2025, 2, 28), date(2025, 3, 7),
           date(2025, 3, 18), date(2025, 4, 10)), "heavy", ("dismissal",), named=True, appeal=True),
)  # fmt: skip


def uphold(office: Office) -> None:
    """By the very actions of the pages, each in the name of whoever does it; signatures in one statement a year."""
    _sign(office)
    commission = list(Post.objects.filter(role_code="ethics_commission").select_related("user").order_by("pk"))
    people = _facilitators(office)
    for place, story in enumerate(STORIES):
        _tell(story, people[(place * 7 + 3) % len(people)], office, commission)
    _forward_card(office)
    _ask(office)


def _sign(office: Office) -> None:
    bound = list(signing.bound(office.post("operator", 0), NOW).filter(user__isnull=False).order_by("pk"))
    for year, day in SIGNED_ON.items():
        code = texts.in_force(day)
        signers = [each for place, each in enumerate(bound) if year != NOW.year or place % LEFT_OUT]
        if code is None:
            continue
        columns: Columns = {
            "id": draw_ids(CodeSignature, len(signers)),
            "person_id": [each.pk for each in signers],
            "region_no": [each.region_no for each in signers],
            "recorded_by_id": [each.user_id for each in signers],
        }
        write(CodeSignature, columns, year=year, version=code.version, signed_on=day, paper="")


def _facilitators(office: Office) -> list[Person]:
    """Outside the shown regency, whose own case is that of the card."""
    low, high = codes.range_of(SHOWN_REGENCY)
    users = [office.staffed.of(each) for each in office.world.staff if each.facilitator is not None]
    rows = Person.objects.filter(user__in=users).select_related("user").order_by("pk")
    return list(rows.exclude(region_no__gte=low, region_no__lt=high)) or list(rows)


def _tell(story: Story, about: Person, office: Office, commission: Sequence[Post]) -> None:
    opened, *later = story.days
    with put_on(Scope.batch(actor=SYSTEM, via=VIA)):
        file_report(
            Told(
                story.offence, about.name, story.told, codes.ancestor(about.region_no, codes.Level.REGENCY),
                reporter_name="Rusdiana" if story.named else "",
                reporter_contact="0860 9000 0001" if story.named else "",
            ),
            on=opened,
        )  # fmt: skip
        case = EthicsCase.objects.order_by("-pk").first()
    if case is not None and later:
        _handle(story, case, about, office, commission, later)


def _handle(
    story: Story, case: EthicsCase, about: Person, office: Office, commission: Sequence[Post], days: Sequence[date]
) -> None:  # fmt: skip
    handler, second = commission[0], commission[1]
    with _as(handler.user):
        handling.take(case.pk, by=handler.user, on=days[0])
        if case.person_id is None:  # two people of one name
            handling.link_person(case.pk, about.pk, by=handler.user, on=days[0])
        who = handler.user
        steps = (
            lambda on: handling.verify(case.pk, note="Dua keluarga lain membenarkan.", on=on, by=who),
            lambda on: handling.examine(case.pk, charge=story.charge, note="", on=on, by=who),
            lambda on: handling.summon(
                case.pk, hearing_on=_hearing(days), place="Ruang rapat Dinas Sosial", on=on, by=who
            ),
            lambda on: handling.hear(case.pk, heard="Yang dipanggil datang dan memberi penjelasan.", on=on, by=who),
            lambda on: deciding.decide(case.pk, _verdict(story, office, 1), post=handler, on=on, by=who),
        )
        for step, on in zip(steps, days, strict=False):
            step(on)
        if len(days) > len(steps) and not story.appeal:
            deciding.finalise(case.pk, on=days[len(steps)], by=who)
    if story.appeal and about.user is not None:
        with _as(about.user):
            speaking.appeal(
                case.pk, "Uang itu ongkos antar yang disepakati bersama keluarga.", by=about.user, on=days[4]
            )  # fmt: skip
        with _as(second.user):
            deciding.decide_appeal(
                case.pk, _verdict(story, office, 2), post=second, by=second.user, on=days[len(steps)]
            )


def _hearing(days: Sequence[date]) -> date:
    """On the day of the next step, or still ahead."""
    return days[3] if len(days) > 3 else date(2025, 7, 24)


def _verdict(story: Story, office: Office, instance: int) -> Verdict:
    executor = office.post("regency_office", office.regencies[-1]).user if "dismissal" in story.measures else None
    return Verdict(
        f"KE/{instance:02d}/{story.days[0]:%m}/PKH/2025",
        "Keterangan saksi dan catatan yang diperiksa saling menguatkan.", story.level, story.measures, executor,
    )  # fmt: skip


def _as(user: User) -> Any:
    return put_on(Scope.batch(actor=user.pk, via="demo"))


def _forward_card(office: Office) -> None:
    report = HeldCard.objects.filter(accused__isnull=False).order_by("pk").first()
    if report is not None:
        with office.acting("regency_office", SHOWN_REGENCY) as (by, _):
            refer_held_card(report.pk, by=by, on=NOW)


def _ask(office: Office) -> None:
    """Two kecamatan; in the second one a family is still to be asked, in the first one answer deserves a report."""
    chance = Random(f"five questions {office.world.seed}")
    low, high = codes.range_of(SHOWN_REGENCY)
    villages = (no for no in office.world.plan.villages if low <= no < high)
    districts = sorted({codes.ancestor(no, codes.Level.DISTRICT) for no in villages})[:DRAWN_DISTRICTS]
    for waiting, district in enumerate(districts):
        with office.acting("regency_office", SHOWN_REGENCY) as (by, _):
            seed = f"{office.world.seed:x}-{district:x}"[:32]
            made = asking.draw_families(district, by=by, on=ASKED_ON, seed=seed)
        with office.acting("regency_coordinator", SHOWN_REGENCY) as (by, _):
            for place, visit in enumerate(list(made.visits.order_by("pk"))[: made.drawn - waiting]):
                answers = _answers(chance, odd=not waiting and not place)
                asking.record_answers(visit.pk, answers, visited_on=ASKED_ON, by=by, on=ASKED_ON)


def _answers(chance: Random, *, odd: bool) -> dict[str, int]:
    said: dict[str, int] = {
        "card_own": Answer.YES,
        "money_whole": Answer.YES,
        "no_gifts": Answer.NO,
        "no_politics": Answer.NO,
    }
    said["treated_well"] = chance.choices((Answer.YES, Answer.SILENT), (9, 1))[0]
    return said | ({"card_own": Answer.NO} if odd else {})
