"""The lembar KPM in words: who counts, what is missed, what to do, and no full number."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from harapan.benefits.actions import stage_named
from harapan.benefits.computing import compute_beside
from harapan.benefits.models import Stage, Verdict
from harapan.core.components import Component
from harapan.payments.enums import Outcome
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from harapan.payments.sheet import Person, Sheet, as_text, pdf, sheet_of, sheets_of
from harapan.registry.models import Family, PaymentAccount
from tests.benefits.hearing import LAST_DAY, make_hearing
from tests.benefits.world import STAGE, World

ON = date(2025, 7, 18)


def test_whoever_is_over_the_limit_is_named_with_the_reason(world: World) -> None:
    family = world.family(*[Component.PRIMARY] * 2, *[Component.JUNIOR] * 2, Component.SENIOR, name="NORHALIMAH")
    world.listed({family: 1_475_000})
    compute_beside(stage_named(STAGE))
    sheet = sheet_of(family, stage_named(STAGE), on=ON)
    assert [person.counted for person in sheet.persons].count(False) == 1
    left_out = next(person for person in sheet.persons if not person.counted)
    assert "paling banyak 4 orang" in left_out.why
    assert sheet.amount == "Rp1.475.000"


def test_money_nobody_answered_for_says_to_wait(world: World) -> None:
    family = world.family(Component.ELDERLY)
    world.listed({family: 600_000})
    sheet = sheet_of(family, stage_named(STAGE), on=ON)
    assert "belum ada kabar" in sheet.money_words
    assert sheet.to_do.startswith("Tunggu kabar")


def test_waves_that_stand_differently_are_told_apart(world: World) -> None:
    family = world.family(Component.ELDERLY)
    world.listed({family: 600_000})
    world.listed({family: 225_000}, wave="2")
    day = date(2025, 6, 2)
    rows = [
        SettlementRow(2, family.pk, Outcome.FAILED, 600_000, day, "BRI", "name_or_nik_mismatch"),
        SettlementRow(3, family.pk, Outcome.WITHDRAWN, 225_000, day, "BRI"),
    ]
    receive_settlement(STAGE, rows, digest="waves", name="bri.csv", by=world.user, on=day)
    sheet = sheet_of(family, stage_named(STAGE), on=ON)
    first, second = sheet.money_words.split(". ")
    assert first.startswith("Rp600.000 belum berhasil masuk rekening, 2 Juni 2025")
    assert second == "Rp225.000, sudah diambil, 2 Juni 2025"
    assert (sheet.amount, sheet.to_do.startswith("Temui pendamping")) == ("Rp825.000", True)


def test_a_family_that_is_not_listed_is_told_whom_to_ask(world: World) -> None:
    world.listed({world.family(Component.ELDERLY): 600_000})
    sheet = sheet_of(world.family(Component.PRIMARY), stage_named(STAGE), on=ON)
    assert "tidak ada di daftar" in sheet.money_words
    assert "pendamping" in sheet.to_do


def test_the_account_shows_its_last_four_only(world: World) -> None:
    family = world.family(Component.ELDERLY)
    account = PaymentAccount.objects.get(family=family)
    account.number, account.holder = "5059906722", "NORHALIMAH"
    account.save()
    world.listed({family: 600_000})
    words = sheet_of(family, stage_named(STAGE), on=ON)
    assert words.account == "BRI, nomor berakhir 6722, atas nama NORHALIMAH"
    assert "5059906722" not in as_text(words)


def test_an_address_says_rt_and_rw_once(world: World) -> None:
    written = world.family(address="HIYUNG RT:006 RW:001", rt="006", rw="001")
    apart = world.family(address="JL. UTAMA", rt="006", rw="001")
    assert written.street == "HIYUNG RT:006 RW:001"
    assert apart.street == "JL. UTAMA RT 006 RW 001"


def test_a_groups_sheets_are_read_together_and_each_says_what_it_says_alone(world: World) -> None:
    """As many statements for six as for two: of those computed, of one that joined since, of one on no list."""
    families = [world.family(Component.PRIMARY, name=f"KELUARGA {number}") for number in range(5)]
    world.listed(dict.fromkeys(families[1:], 225_000))
    stage = stage_named(STAGE)
    compute_beside(stage)
    families.append(world.family(Component.ELDERLY, name="BARU"))  # in no row of the run: computed afresh

    def read(numbers: list[int]) -> tuple[list[Sheet], int]:
        found = Family.objects.filter(pk__in=numbers).select_related("group__facilitator").order_by("pk")
        with CaptureQueriesContext(connection) as statements:
            made = sheets_of(list(found), stage, on=ON)
        return made, len(statements)

    few, statements = read([families[0].pk, families[-1].pk])
    all_of_them, as_many = read([family.pk for family in families])
    assert as_many == statements
    assert [sheet.name for sheet in few] == ["KELUARGA 0", "BARU"]
    alone = [sheet_of(family, stage, on=ON) for family in families]
    assert all_of_them == alone
    assert {sheet.amount for sheet in alone} == {"Rp0", "Rp225.000"}


def test_a_notice_of_a_missed_month_is_taken_home(world: World) -> None:
    """Whatever stage the sheet is of: the days to answer run."""
    hearing = make_hearing(world)
    family = hearing.family(Component.PRIMARY, name="NORHALIMAH")
    hearing.away(family, 202501)
    stage = hearing.stage()
    hearing.given(stage)
    hearing.told(stage)
    later = Stage.objects.create(
        name="2025-3", year=2025, number=3, pays_months=["2025-07"], observes_months=["2025-06"], planned_on=ON
    )
    for of in (stage, later):
        (said,) = sheet_of(family, of, on=LAST_DAY).hearings
        assert said.startswith("Januari 2025 (tahap 2025-2): ANAK PRIMARY (SD sederajat)")
        assert "Jawaban ditunggu sampai 17 April 2025." in said
        assert "bantuan berkurang Rp" in said
    hearing.decided(stage, Verdict.ACCEPTED)
    assert "Alasan diterima" in as_text(sheet_of(family, stage, on=ON))
    assert sheet_of(family, later, on=ON).hearings == ()
    assert pdf([sheet_of(family, stage, on=ON)], by=world.user, at=timezone.now()).startswith(b"%PDF")


def test_a_family_with_much_to_be_told_keeps_its_half_of_the_page(world: World) -> None:
    """However many are named, what to do and whom to ask stand on the paper, two families on an A4."""
    family = world.family(Component.PRIMARY)
    world.listed({family: 600_000})
    short = sheet_of(family, stage_named(STAGE), on=ON)
    person = Person(
        "MUHAMMAD RIZKI ADITYA PRATAMA", "SD sederajat, 9 tahun. Paling banyak 4 orang dihitung.", False, ""
    )
    full = replace(short, persons=(person,) * 9, hearings=("Kehadiran belum terpenuhi pada bulan ini. " * 4,) * 2)
    (page,) = PdfReader(io.BytesIO(pdf([full, full], by=world.user, at=timezone.now()))).pages
    heights: list[float] = []

    def note(text: str, given: Any, placed: Any, _font: Any, _size: Any) -> None:
        if "Bertanya kepada" in text:
            heights.append(placed[4] * given[1] + placed[5] * given[3] + given[5])

    said = page.extract_text(visitor_text=note)
    assert said.count("MUHAMMAD RIZKI ADITYA PRATAMA") == 18
    middle = float(page.mediabox.height) / 2
    upper, lower = sorted(heights, reverse=True)
    assert upper > middle > lower > 0
