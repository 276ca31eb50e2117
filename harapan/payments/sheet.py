"""The lembar KPM: what a family is told about a stage, in the words one would say to the mother, on paper and as text.

Who was counted, what was missed, how much, where it is, what to do, until when, whom to call. What is nobody's fault is
said as such. No full number of anybody stands on it: the paper goes from hand to hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from harapan.accounts.models import User
from harapan.benefits import notices
from harapan.benefits.answers import AnswerLine, FamilyAnswer, answers
from harapan.benefits.difference_words import sentence
from harapan.benefits.models import Stage
from harapan.benefits.notice_words import cost_words, month_words, standing_words
from harapan.benefits.notices import NoticeRow
from harapan.benefits.sanction_effect import Cost
from harapan.core.money import rupiah
from harapan.core.periods import format_date, format_month
from harapan.files.documents import render
from harapan.payments import reasons
from harapan.payments.enums import Standing
from harapan.payments.models import Claim
from harapan.policy.reader import default_policy
from harapan.regions.models import Region
from harapan.registry.models import Family, PaymentAccount

TEMPLATE = Path(__file__).resolve().parent / "papers" / "sheet.typ"


@dataclass(frozen=True, slots=True)
class Person:
    """One line of "who was counted"."""

    name: str
    why: str
    counted: bool
    amount: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Finished words of one half page (`papers/sheet.typ`)."""

    name: str
    place: str
    stage: str
    months: str
    amount: str
    money_words: str
    persons: tuple[Person, ...]
    missed: tuple[str, ...]
    hearings: tuple[str, ...]  # notices of a missed month: what, how it stands, what it would cost
    notes: tuple[str, ...]
    account: str
    to_do: str
    until: str
    ask: str


def sheet_of(family: Family, stage: Stage, *, on: date) -> Sheet:
    """The sheet of one family in the reader's scope."""
    return sheets_of([family], stage, on=on)[0]


def sheets_of(families: Sequence[Family], stage: Stage, *, on: date) -> list[Sheet]:
    """The sheets of these families in the reader's scope, in their order: as many statements for thirty as for one.

    Read with their group's facilitator, else each asks for its own.
    """
    numbers = [family.pk for family in families]
    told = answers(families, stage)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in Claim.objects.filter(stage=stage, family__in=numbers).order_by("wave"):
        claims[claim.family_id].append(claim)
    heard = notices.of_families(numbers, stage, on=on)
    costs = notices.open_costs(row for rows in heard.values() for row in rows)
    accounts = PaymentAccount.objects.filter(family__in=numbers, spell__contains=on).order_by("pk")
    account = {row.family_id: row for row in accounts}  # of several the latest
    places = Region.objects.path_names(family.region_id for family in families)
    return [
        _sheet(
            told[family.pk], claims[family.pk], hearings=_hearings(heard.get(family.pk, []), costs, on),
            account=account.get(family.pk), place=places.get(family.region_id, ""), on=on,
        )
        for family in families
    ]  # fmt: skip


def _sheet(
    told: FamilyAnswer, claims: list[Claim], *, hearings: Iterable[str], account: PaymentAccount | None, place: str,
    on: date,
) -> Sheet:  # fmt: skip
    family, stage = told.family, told.stage
    first, last = stage.pays_months[0], stage.pays_months[-1]
    to_do, until = _deed(told, claims, on)
    return Sheet(
        name=family.name,
        place=", ".join(filter(None, [family.street, place])),
        stage=stage.name,
        months=format_month(first) if first == last else f"{format_month(first)} – {format_month(last)}",
        amount=rupiah(told.amount_idr),
        money_words=_money_words(told, claims),
        persons=tuple(_persons(told, stage.first_day)),
        missed=tuple(_missed(told)),
        hearings=tuple(hearings),
        notes=tuple(_notes(told, claims)),
        account=_account(account),
        to_do=to_do,
        until=until,
        ask=_ask(family),
    )


def pdf(sheets: Iterable[Sheet], *, by: User, at: datetime) -> bytes:
    """Two sheets on an A4, as many pages as needed."""
    data: dict[str, Any] = {"families": [asdict(sheet) for sheet in sheets]}
    return render(TEMPLATE, data, printed_by=by.name, printed_at=at)


def as_text(sheet: Sheet) -> str:
    """The same words for a message on the phone."""
    lines = [
        "*Program Keluarga Harapan*",
        f"Ibu/Bapak {sheet.name.title()}, tahap {sheet.stage} ({sheet.months}).",
        f"{sheet.money_words}: *{sheet.amount}*.",
    ]
    if sheet.persons:
        lines += ["", "Yang dihitung:"]
        lines += [f"- {row.name.title()}, {row.why}: {row.amount}" for row in sheet.persons if row.counted]
        lines += [f"- {row.name.title()}, {row.why}" for row in sheet.persons if not row.counted]
    lines += ["", *sheet.missed] if sheet.missed else []
    lines += ["", "Pemberitahuan sebelum bantuan dikurangi:", *sheet.hearings] if sheet.hearings else []
    lines += ["", *sheet.notes] if sheet.notes else []
    lines += ["", f"Yang perlu dilakukan: {sheet.to_do}" + (f" Paling lambat {sheet.until}." if sheet.until else "")]
    lines += [f"Bertanya kepada: {sheet.ask}"]
    return "\n".join(lines)


def _persons(told: FamilyAnswer, on: date) -> Iterable[Person]:
    for line in told.computed.lines if told.computed else ():
        if line.component:
            yield _person(line, on)


def _person(line: AnswerLine, on: date) -> Person:
    age = f", {_age(line.born_on, on)} tahun" if line.born_on else ""
    why = f"{line.component}{age}"
    if not line.counted:
        why += f". {line.sentences[0]}" if line.sentences else ", tidak dihitung"
    return Person(line.name, why, line.counted, rupiah(line.stage_idr))


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _missed(told: FamilyAnswer) -> Iterable[str]:
    """Months not met, member by member, then what they cost."""
    if not told.computed:
        return
    for line in told.computed.lines:
        for said in line.sentences:
            if said.startswith("Kehadiran belum terpenuhi"):
                yield f"{line.name.title()}: {said[0].lower()}{said[1:]}"
    if told.computed.cut_idr:
        cut = rupiah(told.computed.cut_idr)
        yield f"Karena itu bantuan berkurang {cut}. Bila bulan berikutnya penuh, jumlahnya kembali utuh."


def _hearings(rows: list[NoticeRow], costs: Mapping[tuple[int, int], Cost], on: date) -> Iterable[str]:
    """Notices of this stage and open ones of any other; where the family may still answer, what silence would cost."""
    for row in rows:
        said = [f"{month_words(row.notice)} (tahap {row.notice.stage.name}): {row.missed}."]
        said.append(standing_words(row.notice, on=on))
        cost = costs.get((row.notice.stage_id, row.notice.family_id)) if row.notice.open else None
        if cost is not None:
            said.append(cost_words(cost))
        yield " ".join(said)


def _notes(told: FamilyAnswer, claims: list[Claim]) -> Iterable[str]:
    """Why money is held, and what parts the list's amount from ours, named as nobody's fault where it is."""
    for claim in claims:
        if claim.standing == Standing.HELD and claim.note:
            yield f"Ditahan karena: {claim.note}. Haknya tetap ada."
    difference = told.difference
    if difference is None:
        return
    words = sentence(difference, told.member_names)
    yield f"{words} Ini bukan kesalahan keluarga." if difference.nobodys_fault else words


_WORDS = {
    Standing.UNANSWERED: "Uang bantuan tahap ini, belum ada kabar dari bank atau pos",
    Standing.CREDITED: "Uang bantuan tahap ini, sudah masuk rekening dan belum diambil",
    Standing.WITHDRAWN: "Uang bantuan tahap ini, sudah diambil",
    Standing.BLOCKED: "Uang bantuan tahap ini ada di rekening, tetapi rekeningnya terblokir",
    Standing.FAILED: "Uang bantuan tahap ini belum berhasil masuk rekening",
    Standing.UNDELIVERED: "Uang bantuan tahap ini belum dapat diserahkan",
    Standing.RETURNED: "Uang bantuan tahap ini kembali ke penyalur",
    Standing.TREASURY: "Uang bantuan tahap ini sudah disetor kembali ke kas negara",
    Standing.HELD: "Uang bantuan tahap ini sedang ditahan",
}
_MONEY = "Uang bantuan tahap ini"  # as each of them begins
# of several waves, whose deed comes first
_PRESSING = (
    Standing.BLOCKED, Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED, Standing.HELD, Standing.CREDITED,
    Standing.UNANSWERED, Standing.TREASURY, Standing.WITHDRAWN,
)  # fmt: skip
_DEEDS = {
    Standing.UNANSWERED: "Tunggu kabar dari pendamping. Simpan kartu dan PIN sendiri, jangan dititipkan.",
    Standing.CREDITED: "Ambil uang di ATM, agen, atau kantor bank. Bawa kartu sendiri dan jangan beri tahu PIN.",
    Standing.WITHDRAWN: "Tidak ada. Bila uang itu bukan Anda yang mengambil, beri tahu pendamping hari ini.",
    Standing.BLOCKED: "Datang ke kantor bank dengan KTP dan buku tabungan untuk membuka blokir.",
    Standing.FAILED: "Temui pendamping dengan KTP dan buku tabungan supaya rekening dapat diperbaiki.",
    Standing.UNDELIVERED: "Temui pendamping dengan KTP dan kartu keluarga.",
    Standing.RETURNED: "Temui pendamping dengan KTP dan kartu keluarga.",
    Standing.TREASURY: "Tanyakan kepada pendamping apakah uang itu masih dapat dibayarkan.",
    Standing.HELD: "Tanyakan sebabnya kepada pendamping. Keluarga boleh menyampaikan keberatan.",
}


def _money_words(told: FamilyAnswer, claims: list[Claim]) -> str:
    """Where the money is; of waves that stand differently, each with its own amount."""
    if not claims:
        return _undrawn_words(told)
    if len({claim.standing for claim in claims}) == 1:
        return _claim_words(claims[-1])
    return ". ".join(_claim_words(claim).replace(_MONEY, rupiah(claim.nominal_idr), 1) for claim in claims)


def _claim_words(claim: Claim) -> str:
    words = _WORDS[Standing(claim.standing)]
    if claim.on:
        words += f", {format_date(claim.on)}"
    if claim.reason_code and claim.on and claim.standing != Standing.TREASURY:
        words += f" ({reasons.told(claim.reason_code, claim.note, claim.on)[0].lower()})"
    return words


def _undrawn_words(told: FamilyAnswer) -> str:
    """The family's money before anything of it was ordered, listed or held."""
    if not told.ours:
        return "Keluarga ini tidak ada di daftar tahap ini" if not told.listed else _WORDS[Standing.UNANSWERED]
    if told.computed is None:
        return "Jumlah tahap ini belum dapat ditunjukkan"
    if not told.computed.net_idr:
        return "Keluarga ini tidak mendapat bantuan pada tahap ini"
    if not told.computed.approved:
        return "Hasil hitungan sementara, belum disetujui"
    return "Uang bantuan tahap ini, menunggu perintah bayar"


def _deed(told: FamilyAnswer, claims: list[Claim], on: date) -> tuple[str, str]:
    """What to do and until when; untouched money goes back after the days that policy names."""
    if not claims and told.ours:
        return "Tunggu kabar dari pendamping. Bila ada yang tidak sesuai, sampaikan kepada pendamping.", ""
    if not claims:
        return "Tanyakan kepada pendamping mengapa nama keluarga tidak ada di daftar.", ""
    claim = min(claims, key=lambda each: _PRESSING.index(Standing(each.standing)))
    until = ""
    if claim.standing == Standing.CREDITED and claim.on:
        days = default_policy().value("untouched.returned_after_days", on=claim.on).value
        last = claim.on + timedelta(days=int(days))
        until = format_date(last) if last >= on else ""
    return _DEEDS[Standing(claim.standing)], until


def _account(account: PaymentAccount | None) -> str:
    if account is None:
        return "belum tercatat"
    parts = [account.bank or account.get_channel_display()]
    if account.number:
        parts.append(f"nomor berakhir {account.number.open()[-4:]}")
    if account.holder:
        parts.append(f"atas nama {account.holder}")
    return ", ".join(parts)


def _ask(family: Family) -> str:
    facilitator = family.group.facilitator
    if facilitator is None:
        return "Dinas Sosial kabupaten/kota, atau contact center 171"
    phone = f", {facilitator.phone}" if facilitator.phone else ""
    return f"{facilitator.name} (pendamping){phone}. Pengaduan: 171"
