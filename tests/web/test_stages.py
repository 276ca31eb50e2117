"""A stage through its pages: what is due and where it is, what blocks the next step, and who may take it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.models import Run, Stage, State
from harapan.payments.enums import Outcome
from tests.benefits.world import BAMBAN, BEFORE, CEMPAKA, HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import NOMINAL, listed, queries, told, words


@pytest.fixture
def lead(world: World) -> Client:
    """The team lead of Kab. Tapin, who may reconcile."""
    return signed_in(person("regency_coordinator", regions=(TAPIN,)))


def see(page: Client, name: str = "stage", **query: str) -> Any:
    return page.get(reverse(name, args=[STAGE]), query)


def test_the_title_says_what_is_not_answered_yet(world: World, lead: Client) -> None:
    families = listed(world)
    told(world, (families[0], Outcome.WITHDRAWN))
    page = words(see(lead))
    assert "<mark>Rp1.200.000</mark> dari Rp1.800.000 belum terjawab" in page
    assert "Jumlah tahap 2025-2 di Kab. Tapin belum cocok" in page
    assert 'data-opens="langkah-reconcile"' not in page
    told(world, *((family, Outcome.WITHDRAWN) for family in families[1:]))
    page = words(see(lead))
    assert "<mark>Rp1.800.000</mark> dari Rp1.800.000 sudah sampai di tangan" in page
    assert "Semua pembayaran terjawab dan cocok." in page


def test_sums_by_district_and_bank_lead_to_villages(world: World, lead: Client) -> None:
    listed(world)
    world.listed({world.family(village=CEMPAKA): 900_000}, bank="POS")
    page = words(see(lead))
    assert "Kec. Tapin Tengah" in page
    assert "Kec. Tapin Selatan" in page
    assert "POS" in page
    deeper = words(see(lead, region="6305020000"))
    assert "Desa Cempaka" in deeper
    assert "Rp900.000" in deeper
    assert "Desa Hiyung" not in deeper


def test_the_lead_reconciles_the_office_closes(world: World, lead: Client) -> None:
    families = listed(world)
    told(world, *((family, Outcome.WITHDRAWN) for family in families))
    move = reverse("stage_move", args=[STAGE])
    done = lead.post(move, {"to": "reconcile"}, follow=True)
    assert "Tahap 2025-2 direkonsiliasi." in words(done)
    assert [each.state for each in regencies_of(stage_named(STAGE))] == [State.RECONCILED]
    assert lead.post(move, {"to": "close"}).status_code == 404
    office = signed_in(person("regency_office", regions=(TAPIN,)))
    assert "Tahap 2025-2 ditutup." in words(office.post(move, {"to": "close"}, follow=True))
    assert "Tahap 2025-2 tuntas." in words(office.post(move, {"to": "finish"}, follow=True))


def test_a_step_too_early_is_refused_in_words(world: World, lead: Client) -> None:
    listed(world)
    answer = lead.post(reverse("stage_move", args=[STAGE]), {"to": "reconcile"})
    assert answer.status_code == 422
    assert "Muat jawaban bank atau pos yang kurang" in words(answer)


def test_reopening_wants_a_reason(world: World, lead: Client) -> None:
    told(world, *((family, Outcome.WITHDRAWN) for family in listed(world)))
    move = reverse("stage_move", args=[STAGE])
    lead.post(move, {"to": "reconcile"})
    assert lead.post(move, {"to": "reopen"}).status_code == 422
    reopened = lead.post(move, {"to": "reopen", "why": "daftar susulan datang"}, follow=True)
    assert "dibuka kembali" in words(reopened)


def test_an_unknown_move_is_not_there(world: World, lead: Client) -> None:
    listed(world)
    assert lead.post(reverse("stage_move", args=[STAGE]), {"to": "final"}).status_code == 400


def test_a_facilitator_sees_the_money_of_their_groups_and_no_deed(world: World) -> None:
    families = listed(world)
    page = words(see(signed_in(person("facilitator", groups=(families[0].group_id,)))))
    assert "Rp1.800.000" in page
    assert "langkah-reconcile" not in page
    none = words(see(signed_in(person("facilitator", groups=(999_999,)))))
    assert "belum ada daftar" in none


def test_another_regency_sees_nothing_of_this_one(world: World) -> None:
    listed(world)
    stranger = signed_in(person("regency_coordinator", regions=(HSS,)))
    page = words(see(stranger))
    assert "<mark>belum ada daftar</mark>" in page
    assert stranger.post(reverse("stage_move", args=[STAGE]), {"to": "reconcile"}).status_code == 422
    assert [each.state for each in regencies_of(stage_named(STAGE))] == [State.OPEN]


def test_computing_beside_runs_in_the_background(world: World, lead: Client) -> None:
    listed(world)
    assert "Belum dihitung." in words(see(lead))
    asked = lead.post(reverse("stage_compute", args=[STAGE]), follow=True)
    assert "sudah menunggu giliran" in words(asked)  # the list has asked for it
    run = Run.objects.create(stage=stage_named(STAGE), rules={})
    assert "sedang dihitung" in words(see(lead))
    bar = lead.get(reverse("stage_computing", args=[STAGE]), headers={"HX-Request": "true"})
    assert "hx-get" in words(bar)
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
    over = lead.get(reverse("stage_computing", args=[STAGE]), headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == reverse("stage", args=[STAGE])


def test_the_list_of_stages_names_the_one_that_runs(world: World, lead: Client) -> None:
    assert "Belum ada tahap" in words(lead.get(reverse("stages")))
    families = listed(world)
    told(world, (families[0], Outcome.WITHDRAWN), (families[1], Outcome.UNDELIVERED))
    page = words(lead.get(reverse("stages")))
    assert "Tahap 2 Tahun 2025 <mark>dibuka</mark>" in page
    assert page.count("600.000") == 2


def test_a_stage_is_planned_from_the_calendar(world: World, lead: Client) -> None:
    form = lead.get(reverse("stage_plan"))
    name = form.context["form"].fields["stage"].choices[0][0]
    done = lead.post(reverse("stage_plan"), {"stage": name, "why": ""}, follow=True)
    assert f"Tahap {name} dibuka." in words(done)
    assert Stage.objects.filter(name=name).exists()
    assert lead.post(reverse("stage_plan"), {"stage": name}).status_code == 422
    assert signed_in(person("facilitator")).get(reverse("stage_plan")).status_code == 404


def test_no_such_stage_is_not_there(world: World, lead: Client) -> None:
    assert lead.get(reverse("stage", args=["2031-9"])).status_code == 404


def test_queries_do_not_grow_with_families_or_places(world: World, lead: Client) -> None:
    province = signed_in(person("province_coordinator", regions=(6300000000,)))
    one_of_each(world)
    pages = [(lead, "stage", [STAGE]), (province, "stage", [STAGE]), (province, "stages", [])]
    before = [queries(page, reverse(name, args=args)) for page, name, args in pages]
    for _more in range(3):
        one_of_each(world, families=8)
    assert [queries(page, reverse(name, args=args)) for page, name, args in pages] == before
    assert max(before) < 40


def one_of_each(world: World, families: int = 2) -> None:
    """Families in two regencies and three villages, two banks, answers and a line that fits nothing."""
    found = listed(world, families)
    world.listed({world.family(village=CEMPAKA): NOMINAL, world.family(village=BAMBAN): NOMINAL}, bank="POS")
    world.listed({found[0]: NOMINAL}, stage=BEFORE)
    told(world, (found[0], Outcome.WITHDRAWN), (None, Outcome.CREDITED), name=f"LAIN {found[0].pk}")
