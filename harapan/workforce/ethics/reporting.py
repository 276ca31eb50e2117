"""A report comes in: from anybody, with a number and a secret word to ask after it; or from a page, as evidence.

Whoever files through the form leaves no trace of an account, also when signed in: the log names nobody for the deed.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connections

from harapan.accounts.actions import READABLE
from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database import sealing
from harapan.database.fields import draw_ids
from harapan.database.scope import SYSTEM, active_alias, atomic, current
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.ethics import evidence, keeping, law
from harapan.workforce.ethics.catalogue import offences_on
from harapan.workforce.models import NATION, EthicsCase, EthicsEvidence, EthicsReport, EthicsReporter, Step

VIA = "report"
TOLD_MIN = 20  # letters: fewer cannot be examined
CONSONANTS, VOWELS, SYLLABLES = "bdgjklmnprstw", "aiueo", 4
_OPEN = "SELECT harapan.ethics_open(%s::jsonb, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody reports. Both of `reporter_*` empty: anonymous. `region_no`: where the person serves, if known."""

    offence: str
    name: str
    told: str
    region_no: int = NATION
    happened_on: date | None = None
    happened_at: str = ""
    reporter_name: str = ""
    reporter_contact: str = ""
    brought: Sequence[evidence.Proof] = ()

    @property
    def anonymous(self) -> bool:
        return not self.reporter_name.strip() and not self.reporter_contact.strip()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Shown once; of the word only an index is kept."""

    number: str
    word: str


def file_report(told: Told, *, on: date, address: str = "") -> Receipt:
    """Keep a report under a scope of nobody, which the caller puts on. Raises Refused.

    address: where it comes from, counted for the present hour and not kept (empty: not from the network).

    Raises RuntimeError under anybody's scope: the log would name them.
    """
    scope = current()
    if scope is None or scope.actor != SYSTEM:
        raise RuntimeError("a report is filed as nobody: put on Scope.common(actor=SYSTEM) first")
    _refuse_senseless(told, on=on)
    made = Receipt(draw_number(), draw_word())
    given = {
        "name": " ".join(told.name.split()), "offence": told.offence, "told": told.told.strip(),
        "happened_on": told.happened_on and told.happened_on.isoformat(), "happened_at": told.happened_at.strip(),
        "number": made.number, "source": EthicsReport.Source.PUBLIC, **_within(told.region_no),
    }  # fmt: skip
    word = word_index(made.number, made.word)
    with atomic():
        if address:
            _count(address, on)
        _open(given, told, word=word, on=on)
        evidence.attach(made.number, word, told.brought, on=on)
    return made


def _count(address: str, on: date) -> None:
    """One more report of this address in this hour. What is kept of it is keyed, and useless once the hour is over."""
    hour, most = int(time.time()) // 3600, law.reports_per_hour_max(on)
    caller = sealing.index("text", f"{VIA}|{hour}|{address}")
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.ethics_counted(%s, %s)", [caller, hour])
        reached = cursor.fetchone()[0]
    if reached is None or reached > most:
        raise Refused(
            "Dari jaringan ini sudah masuk {most} laporan dalam satu jam. Coba lagi jam berikutnya, atau lewat "
            "jaringan lain.",
            most=most,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A record of another page from which a case starts, in words that name neither family nor whoever told it."""

    kind: EthicsEvidence.Kind
    subject: int
    words: str


def forward(record: Record, *, accused: User | None, offence: str, by: User, on: date, region_no: int = NATION) -> int:
    """Open a case from a record of ours; returns its number in the database. Raises Refused, also for a second time."""
    if accused is None:
        raise Refused("Catatan ini belum menyebut siapa petugasnya. Tulis namanya lewat formulir laporan etik.")
    if accused.pk == by.pk:
        raise Refused("Catatan ini tentang Anda sendiri. Minta orang lain yang meneruskannya.")
    if offence not in offences_on(on):
        raise _unknown_offence(offence)
    given = {
        "accused": accused.pk, "name": accused.name, "offence": offence, "told": record.words, "happened_at": "",
        "number": draw_number(), "source": record.kind, "kind": record.kind, "subject": record.subject,
        **_within(region_no),
    }  # fmt: skip
    with atomic():
        try:
            with atomic():
                case = _open(given, None, word=None, on=on)
        except IntegrityError as error:
            if "record_opens_one_case" not in str(error):
                raise
            raise Refused("Catatan ini sudah diteruskan ke penegak etik. Perkembangannya ada pada mereka.") from None
        log.record("ethics_case.forwarded", kind=record.kind, subject=record.subject)
    return case


def _open(given: Mapping[str, Any], told: Told | None, *, word: bytes | None, on: date) -> int:
    case, report, reporter = (draw_ids(model, 1)[0] for model in (EthicsCase, EthicsReport, EthicsReporter))
    name = contact = None
    if told is not None and not told.anonymous:
        name, contact = (
            sealing.seal(value.strip(), kind="text", table=EthicsReporter._meta.db_table, row_id=reporter)
            for value in (told.reporter_name, told.reporter_contact)
        )
    whole = {
        **given, "case": case, "report": report, "reporter": reporter, "on": on.isoformat(),
        "due": (on + timedelta(days=law.step_days(Step.RECEIVED, on))).isoformat(),
        "keeper": None if name is None else keeping.choose(case, on=on),
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_OPEN, [json.dumps(whole), word, name, contact])
    return case


def _within(region_no: int) -> dict[str, int | None]:
    """The place as the function takes it: its number and its range, in which the name is looked for."""
    low, high = (None, None) if region_no == NATION else codes.range_of(region_no)
    return {"region": region_no, "low": low, "high": high}


def _refuse_senseless(told: Told, *, on: date) -> None:
    if told.offence not in offences_on(on):
        raise _unknown_offence(told.offence)
    if not told.name.strip():
        raise Refused("Nama petugas masih kosong. Tulis nama atau panggilannya, misalnya: pendamping bernama Rahmi.")
    if len(told.told.strip()) < TOLD_MIN:
        raise Refused("Ceritakan apa yang terjadi, paling sedikit satu kalimat, supaya dapat diperiksa.")
    if told.happened_on is not None and told.happened_on > on:
        raise Refused(
            "Tanggal {day} belum tiba. Isi hari kejadiannya, atau kosongkan.", day=format_date(told.happened_on)
        )
    if told.region_no != NATION and not Region.objects.filter(no=told.region_no).exists():
        raise Refused("Wilayah yang dipilih tidak dikenal. Pilih kabupaten atau kota dari daftarnya.")


def _unknown_offence(code: str) -> Refused:
    return Refused("Jenis pelanggaran “{code}” tidak ada dalam daftar. Pilih salah satu yang tersedia.", code=code)


def draw_number() -> str:
    """LE-7K3Q-92MX: nobody guesses one, and it tells nothing of how many there are."""
    drawn = "".join(secrets.choice(READABLE) for _ in range(8)).upper()
    return f"LE-{drawn[:4]}-{drawn[4:]}"


def draw_word() -> str:
    """ "bado-kimu": easy to say and to keep in mind."""
    parts = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES)]
    return "".join(parts[:2]) + "-" + "".join(parts[2:])


def word_index(number: str, word: str) -> bytes:
    """What is kept of a word, bound to its number. Case, spaces and dashes do not matter."""
    return sealing.index("text", f"{number}|{''.join(letter for letter in word.lower() if letter.isalpha())}")
