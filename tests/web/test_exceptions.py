"""Lines of a bank's answer that fit nothing: seen masked, matched by hand or set aside, always with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from harapan.audit.models import Entry
from harapan.payments import money
from harapan.payments.enums import Outcome
from harapan.payments.models import PaymentException, SettlementFile
from harapan.registry.models import Family
from tests.benefits.world import HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import listed, queries, told, words


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def line(world: World) -> PaymentException:
    """A line for nobody, whose name is nearly that of a family that waits for the same amount."""
    family = world.family(name="NORHAYATI AISYAH")
    Family.objects.filter(pk=family.pk).update(name_key="NORHAYATI AISYAH")
    world.listed({family: 600_000})
    told(world, (None, Outcome.CREDITED), name="NORHAYATI AISAH")
    return PaymentException.objects.get()


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


def test_the_list_says_how_many_and_how_much(officer: Client, line: PaymentException) -> None:
    page = words(officer.get(url("stage_exceptions")))
    assert "1 jawaban belum cocok, senilai <mark>Rp600.000</mark>" in page
    assert "Tidak ada keluarga dengan nomor itu" in page
    closed = words(officer.get(url("stage_exceptions"), {"state": "closed"}))
    assert "Tidak ada yang cocok dengan saringan ini" in closed


def test_numbers_of_the_line_stay_masked(officer: Client, line: PaymentException) -> None:
    page = words(officer.get(url("exception", line.pk)))
    assert "6305026602730009" not in page
    assert "330201000009999" not in page
    assert "9999" in page  # the tail of an account may be seen
    assert "NORHAYATI AISAH" in page


def test_a_family_alike_is_suggested_and_matched(officer: Client, line: PaymentException) -> None:
    page = officer.get(url("exception", line.pk))
    (candidate,) = page.context["candidates"]
    assert (candidate.family.name, candidate.same_amount) == ("NORHAYATI AISYAH", True)
    chosen = {"how": "match", "family": str(candidate.family.pk), "why": "nama salah tulis di bank"}
    done = officer.post(url("exception", line.pk), chosen, follow=True)
    assert "dibukukan untuk NORHAYATI AISYAH" in words(done)
    assert "Semua jawaban bank dan pos <mark>sudah cocok</mark>" in words(done)
    assert money.of(line.stage).credited_idr == 600_000
    assert "nama salah tulis di bank" in words(officer.get(url("exception", line.pk)))


def test_a_search_finds_another_family(world: World, officer: Client, line: PaymentException) -> None:
    other = world.family(name="SITI RAHMAH")
    found = officer.get(url("exception", line.pk), {"q": other.dtks_id})
    assert [each.family.pk for each in found.context["candidates"]] == [other.pk]
    nothing = officer.get(url("exception", line.pk), {"q": "ORANG ENTAH"})
    assert "Tidak ada keluarga yang cocok dengan pencarian ini" in words(nothing)


def test_matching_wants_a_family_and_a_reason(officer: Client, line: PaymentException) -> None:
    page = url("exception", line.pk)
    nobody = officer.post(page, {"how": "match", "why": "percobaan"})
    assert nobody.status_code == 422
    assert "Pilih keluarga yang cocok" in words(nobody)
    silent = officer.post(page, {"how": "set_aside", "why": ""})
    assert silent.status_code == 422
    assert "auditor akan membacanya" in words(silent)
    assert PaymentException.objects.open().count() == 1


def test_a_match_that_does_not_fit_is_said_beside_what_was_typed(world: World, officer: Client) -> None:
    family = listed(world, 1)[0]
    told(world, (family, Outcome.CREDITED), idr=500_000)
    line = PaymentException.objects.get()
    chosen = {"how": "match", "family": str(family.pk), "why": "menurut buku tabungan"}
    answer = officer.post(url("exception", line.pk), chosen)
    assert answer.status_code == 422
    page = words(answer)
    assert "tidak sama dengan daftar" in page
    assert "menurut buku tabungan" in page


def test_a_line_is_set_aside_once(officer: Client, line: PaymentException) -> None:
    page = url("exception", line.pk)
    done = officer.post(page, {"how": "set_aside", "why": "milik program lain"}, follow=True)
    assert "disisihkan dengan alasan" in words(done)
    assert officer.post(page, {"how": "set_aside", "why": "sekali lagi"}).status_code == 422


def test_who_may_not_close_only_reads(world: World, line: PaymentException) -> None:
    province = signed_in(person("province_coordinator", regions=(6300000000,)))
    page = url("exception", line.pk)
    assert "yang menutup baris ini" in words(province.get(page))
    assert province.post(page, {"how": "set_aside", "why": "percobaan"}).status_code == 404
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    assert stranger.get(page).status_code == 404
    assert "<mark>belum menjawab</mark>" in words(stranger.get(url("stage_exceptions")))


def test_queries_do_not_grow_with_the_lines(world: World, officer: Client, line: PaymentException) -> None:
    before = queries(officer, url("stage_exceptions")), queries(officer, url("exception", line.pk))
    families = listed(world, 10)
    told(world, *((None, Outcome.CREDITED) for _ in families))
    assert (queries(officer, url("stage_exceptions")), queries(officer, url("exception", line.pk))) == before
    assert max(before) < 30


def test_lines_alike_are_set_aside_in_one_go_each_with_its_own_entry(world: World, officer: Client) -> None:
    family = listed(world, 1)[0]
    told(world, (None, Outcome.CREDITED), (None, Outcome.FAILED), (None, Outcome.CREDITED))
    told(world, (family, Outcome.CREDITED), idr=500_000)  # another kind stays
    page = officer.get(url("stage_exceptions"), {"kind": "no_family"})
    assert "Semua 3 baris dengan sebab ini, senilai Rp1.800.000" in words(page)
    assert "sekaligus" not in words(officer.get(url("stage_exceptions")))  # of which kind?
    address = url("exceptions_set_aside") + "?kind=no_family"
    silent = officer.post(address, {"kind": "no_family", "lines": "3", "why": " "})
    assert (silent.status_code, PaymentException.objects.open().count()) == (422, 4)
    assert "auditor akan membacanya pada setiap baris" in words(silent)
    stale = officer.post(address, {"kind": "no_family", "lines": "2", "why": "program lain"}, follow=True)
    assert "Anda memutuskan 2 baris, tetapi sekarang ada 3" in words(stale)
    done = officer.post(address, {"kind": "no_family", "lines": "3", "why": "program lain"}, follow=True)
    assert "3 baris disisihkan dengan alasan" in words(done)
    assert [each.kind for each in PaymentException.objects.open()] == ["amount"]
    closed = PaymentException.objects.exclude(closed_at=None)
    assert {(each.resolution, each.why) for each in closed} == {("set_aside", "program lain")}
    entries = Entry.objects.filter(verb="exception.set_aside", why="program lain")
    assert set(entries.values_list("subject", flat=True)) == set(closed.values_list("pk", flat=True))


def test_what_the_field_told_and_other_regions_are_never_set_aside_with_the_rest(
    world: World, officer: Client, line: PaymentException
) -> None:
    PaymentException.objects.filter(pk=line.pk).update(kind="said", file=None, reference="catatan 1")
    page = officer.get(url("stage_exceptions"), {"kind": "said"})
    assert "sekaligus" not in words(page)
    address = url("exceptions_set_aside") + "?kind=said"
    told_one = officer.post(address, {"kind": "said", "lines": "1", "why": "sudah selesai"}, follow=True)
    assert "sekarang ada 0" in words(told_one)
    PaymentException.objects.filter(pk=line.pk).update(kind="no_family", file=SettlementFile.objects.get())
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    other = stranger.post(
        url("exceptions_set_aside"), {"kind": "no_family", "lines": "1", "why": "percobaan"}, follow=True
    )
    assert "sekarang ada 0" in words(other)
    province = signed_in(person("province_coordinator", regions=(6300000000,)))
    assert province.post(address, {"kind": "no_family", "lines": "1", "why": "percobaan"}).status_code == 404
    assert PaymentException.objects.open().count() == 1


def test_a_word_of_the_field_is_not_searched_for_and_a_card_leads_to_its_own_page(
    officer: Client, line: PaymentException
) -> None:
    PaymentException.objects.filter(pk=line.pk).update(kind="said", file=None, reference="TERIMA-1")
    page = words(officer.get(url("exception", line.pk)))
    assert "Ini laporan dari lapangan" in page
    assert "Tutup laporan" in page
    assert "Cari keluarga lain" not in page
    assert "Kata penyalur" not in page  # no bank has said anything
    PaymentException.objects.filter(pk=line.pk).update(kind="card_held", reference="KARTU-1")
    page = words(officer.get(url("exception", line.pk)))
    assert f'href="{reverse("held_cards")}"' in page
    assert "<textarea" not in page
