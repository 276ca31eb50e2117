"""Berita acara rekonsiliasi: its figures in numbers and words, drawn up once and signed by dinas and bank."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.actions import place_name
from harapan.benefits.models import Stage, StageRegency, State
from harapan.core.errors import Refused
from harapan.core.money import terbilang
from harapan.core.periods import format_date, format_month
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.files.models import StoredFile
from harapan.payments import money
from harapan.payments.models import Minutes

_WEEKDAYS = (
    Phrase("Senin"),
    Phrase("Selasa"),
    Phrase("Rabu"),
    Phrase("Kamis"),
    Phrase("Jumat"),
    Phrase("Sabtu"),
    Phrase("Minggu"),
)
_LINES = (
    (Phrase("Harus dibayar"), "net_idr"),
    (Phrase("Masuk rekening atau dibayarkan"), "credited_idr"),
    (Phrase("– sudah diambil"), "withdrawn_idr"),
    (Phrase("– belum diambil"), "untouched_idr"),
    (Phrase("– terblokir di rekening"), "blocked_idr"),
    (Phrase("– disetor kembali ke kas negara"), "treasury_idr"),
    (Phrase("Gagal"), "failed_idr"),
    (Phrase("Kembali tanpa sampai (retur, tidak tersalur)"), "returned_idr"),
    (Phrase("Ditahan"), "held_idr"),
)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for one side."""

    office: str
    name: str
    title: str = ""
    staff_number: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the minutes, in rupiah and in words."""

    label: str
    idr: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a kecamatan, a bank or a reason."""

    label: str
    families: int
    due_idr: int
    credited_idr: int
    failed_idr: int
    returned_idr: int
    held_idr: int


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Money that did not arrive, for one reason."""

    label: str
    standing: str
    families: int
    idr: int


@dataclass(frozen=True, slots=True)
class MinutesData:
    """All a document needs: nothing in it is looked up or computed again."""

    stage: str  # "Tahap 2 Tahun 2025"
    months: str  # "April 2025 sampai Juni 2025"
    place: str  # "Kab. Tapin"
    number: str
    on: date | None
    on_words: str  # "Jumat, 20 Juni 2025"
    city: str
    families: int
    orders: int
    figures: tuple[Figure, ...]
    by_district: tuple[Row, ...]
    by_bank: tuple[Row, ...]
    reasons: tuple[Reasoned, ...]
    untouched: tuple[money.AgeBand, ...]
    balanced: bool
    exceptions: int
    office: Signatory
    bank: Signatory


def minutes_data(stage: Stage, regency: int, *, on: date, minutes: Minutes | None = None) -> MinutesData:
    """The berita acara of a regency: as drawn up (`minutes`), or as it would be on that day. At most seven queries."""
    told = _thawed(minutes.figures) if minutes and "sums" in minutes.figures else _as_it_stands(stage, regency, on=on)
    sums = told.sums
    return MinutesData(
        stage=stage.label,
        months=_months(stage),
        place=place_name(regency),
        number=minutes.number if minutes else "",
        on=minutes.on if minutes else None,
        on_words=joined([_WEEKDAYS[minutes.on.weekday()], format_date(minutes.on)], ", ") if minutes else "",
        city=minutes.place if minutes else "",
        families=sums.families,
        orders=sums.orders,
        figures=tuple(_figure(label, getattr(sums, name)) for label, name in _LINES),
        by_district=told.by_district,
        by_bank=told.by_bank,
        reasons=told.reasons,
        untouched=told.untouched,
        balanced=sums.balanced,
        exceptions=told.exceptions,
        office=_office(minutes),
        bank=_bank(minutes),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The figures of one moment. Money goes on moving after the minutes are drawn up; what they say does not."""

    sums: money.Money
    by_district: tuple[Row, ...]
    by_bank: tuple[Row, ...]
    reasons: tuple[Reasoned, ...]
    untouched: tuple[money.AgeBand, ...]
    exceptions: int


def _as_it_stands(stage: Stage, regency: int, *, on: date) -> _Told:
    status = money.status(stage, region=regency)
    districts = money.by_place(stage, level="district", region=regency)
    return _Told(
        status.money,
        tuple(_row(place.name, sums) for place, sums in districts),
        tuple(_row(bank, sums) for bank, sums in money.by_bank(stage, region=regency)),
        tuple(
            Reasoned(row.label, row.standing.label, row.families, row.idr)
            for row in money.undelivered(stage, on=on, region=regency)
        ),
        tuple(money.untouched(stage, on=on, region=regency)),
        status.exceptions,
    )


def _thawed(figures: dict[str, Any]) -> _Told:
    """The other way round than `asdict`."""
    return _Told(
        money.Money(**figures["sums"]),
        tuple(Row(**row) for row in figures["by_district"]),
        tuple(Row(**row) for row in figures["by_bank"]),
        tuple(Reasoned(**row) for row in figures["reasons"]),
        tuple(money.AgeBand(**band) for band in figures["untouched"]),
        figures["exceptions"],
    )


def _months(stage: Stage) -> str:
    first, last = stage.pays_months[0], stage.pays_months[-1]
    if first == last:
        return format_month(first)
    return Phrase("{first} sampai {last}", first=format_month(first), last=format_month(last))


def _figure(label: str, idr: int) -> Figure:
    return Figure(label, idr, f"{terbilang(idr)} rupiah")


def _row(label: str, sums: money.Money) -> Row:
    return Row(label, sums.families, sums.net_idr, sums.credited_idr, sums.failed_idr, sums.returned_idr, sums.held_idr)


def _office(minutes: Minutes | None) -> Signatory:
    if minutes is None:
        return Signatory("", "")
    return Signatory(
        minutes.office, minutes.office_name, minutes.office_title, minutes.office_staff_number, minutes.office_signed_on
    )


def _bank(minutes: Minutes | None) -> Signatory:
    if minutes is None:
        return Signatory("", "")
    return Signatory(minutes.bank, minutes.bank_name, minutes.bank_title, "", minutes.bank_signed_on)


def draw_up(
    stage: Stage, *, regency: int, number: str, on: date, city: str, office: Signatory, bank: Signatory, by: User
) -> Minutes:
    """Draw up the minutes of a reconciled regency and freeze their figures. Raises Refused before it is reconciled."""
    standing = StageRegency.objects.filter(stage=stage, regency_no=regency).first()
    if standing is None or standing.state == State.OPEN:
        raise Refused(
            "Tahap {stage} di {place} belum direkonsiliasi. Rekonsiliasi dahulu, baru susun berita acara.",
            stage=stage.name,
            place=place_name(regency),
        )
    if not number.strip():
        raise Refused("Nomor berita acara masih kosong. Isi nomor dari buku agenda dinas.")
    with atomic():
        minutes = Minutes.objects.create(
            stage=stage, region_no=regency, number=number.strip(), on=on, place=city, office=office.office,
            office_name=office.name, office_title=office.title, office_staff_number=office.staff_number,
            bank=bank.office, bank_name=bank.name, bank_title=bank.title,
            figures=asdict(_as_it_stands(stage, regency, on=on)), drawn_by=by,
        )  # fmt: skip
        log.record(
            "minutes.drawn_up", kind="minutes", subject=minutes.pk, body={"stage": stage.name, "regency": regency}
        )
    return minutes


def record_signing(
    minutes: Minutes, *, office_signed_on: date | None, bank_signed_on: date | None, file: StoredFile | None = None,
    by: User,
) -> Minutes:  # fmt: skip
    """Note who signed on paper and when, with the scan where there is one. A signature once noted stays."""
    with atomic():
        minutes = Minutes.objects.select_for_update().get(pk=minutes.pk)
        minutes.office_signed_on = minutes.office_signed_on or office_signed_on
        minutes.bank_signed_on = minutes.bank_signed_on or bank_signed_on
        minutes.file = file or minutes.file
        minutes.signing_recorded_by = by
        minutes.save()
        log.record("minutes.signed", kind="minutes", subject=minutes.pk, body={"complete": minutes.signed})
    return minutes
