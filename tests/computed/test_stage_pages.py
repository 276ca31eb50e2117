"""A computed stage through its pages: freeze, compute and check as queued work, approval by a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.benefits import approving, freezing, running
from harapan.benefits.entitled import due_of
from harapan.benefits.models import Approval, Run, RunCheck, Snapshot, State
from harapan.core.money import rupiah
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome as Told
from harapan.jobs.models import Work
from harapan.payments import checking, closing, files, treasury
from harapan.payments.models import TreasuryDocument
from harapan.registry.models import PaymentAccount
from tests.benefits.world import HSS, TAPIN
from tests.computed.doing import carry_out, newcomer, reader, works
from tests.computed.ground import DAY, PAPERS, STAGE, Ground, make_family
from tests.web.stage_ground import words


def see(page: Client, name: str = "stage", **query: str) -> str:
    return words(page.get(reverse(name, args=[STAGE]), query))


def ask(page: Client, deed: str) -> Any:
    return page.post(reverse("stage_do", args=[STAGE, deed]), follow=True)


def decide(page: Client, ground: Ground, **changes: str) -> Any:
    with put_on(ground.nation()):
        run = Run.objects.live().get(stage__name=STAGE)
    form = {"decree_no": "9/SK/2024", "decree_on": "2024-11-06", "sum_idr": f"{run.net_idr}", "run": f"{run.pk}"}
    return page.post(reverse("stage_approve", args=[STAGE]), form | changes, follow=True)


def test_two_people_bring_a_stage_from_open_to_instructed(ground: Ground) -> None:
    ground.planned()
    maker, second = reader(ground, "commitment_officer"), reader(ground, "policy_maker")
    assert "<mark>belum dibekukan</mark>" in see(maker)
    assert "menunggu giliran" in words(ask(maker, "freeze"))
    assert carry_out() == ["benefits.freeze"]
    assert "<mark>12 keluarga</mark> dibekukan, menunggu dihitung" in see(maker)
    ask(maker, "compute")
    carry_out()
    ask(maker, "check")
    carry_out()
    assert "menunggu persetujuan Anda" in see(second)
    assert "Tahap 2024-4 disetujui: Rp6.532.000 dengan SK 9/SK/2024." in words(decide(second, ground))
    ask(maker, "instruct")
    carry_out()
    assert ground.stage().state == State.INSTRUCTED
    page = see(maker)
    assert "<mark>Rp6.532.000</mark> dari Rp6.532.000 belum terjawab" in page
    assert "9/SK/2024" in page


def test_whoever_made_it_may_not_decide_on_it(ground: Ground) -> None:
    ground.checked()
    with put_on(Scope.batch(via="test")):
        Post.objects.filter(user=ground.people["commitment_officer"]).update(role_code="policy_maker")
    maker = reader(ground, "commitment_officer")
    page = see(maker, "stage_comparison")
    assert "dihitung dan diperiksa oleh Anda sendiri" in page
    assert "aria-disabled" in page
    answer = decide(maker, ground)
    assert answer.status_code == 422
    assert "harus orang lain" in words(answer)
    assert ground.stage().state == State.CHECKED


def test_the_sum_is_typed_by_hand(ground: Ground) -> None:
    ground.checked()
    second = reader(ground, "payment_signer")
    answer = decide(second, ground, sum_idr="6.532.001")
    assert answer.status_code == 422
    assert "Jumlah ini tidak sama dengan hasil hitungan, yaitu Rp6.532.000." in words(answer)
    assert decide(second, ground, decree_on="2999-01-01").status_code == 422
    assert decide(second, ground, sum_idr="Rp 6.532.000").status_code == 200
    assert ground.stage().state == State.APPROVED


def test_another_run_than_the_one_seen_is_not_approved(ground: Ground) -> None:
    run = ground.checked()
    answer = decide(reader(ground, "policy_maker"), ground, run=str(run.pk - 1))
    assert answer.status_code == 422
    assert "sudah dihitung lagi sejak halaman ini dibuka" in words(answer)


def test_sent_back_with_a_reason_it_may_be_computed_again(ground: Ground) -> None:
    run = ground.checked()
    second = reader(ground, "policy_maker")
    url = reverse("stage_refuse", args=[STAGE])
    assert second.post(url, {"why": " ", "run": run.pk}).status_code == 422
    assert "dikembalikan" in words(second.post(url, {"why": "Kab. Tapin naik", "run": run.pk}, follow=True))
    maker = reader(ground, "commitment_officer")
    page = see(maker)
    assert "Kab. Tapin naik" in page
    assert 'data-opens="kerja-compute"' in page
    assert 'data-opens="kerja-refreeze"' in page
    with put_on(ground.nation()):
        assert Approval.objects.get().decision == "refused"


def test_a_second_click_freezes_once(ground: Ground) -> None:
    ground.planned()
    maker, operator = reader(ground, "commitment_officer"), newcomer("operator")
    ask(maker, "freeze")
    assert "sedang dikerjakan" in words(ask(maker, "freeze"))
    ask(operator, "freeze")  # somebody else, before the first has begun
    assert carry_out() == ["benefits.freeze", "benefits.freeze"]
    with put_on(ground.nation()):
        assert [each.state for each in Snapshot.objects.all()] == [Snapshot.State.FROZEN]
    failed = next(work for work in works() if work.state == Work.State.FAILED)
    shown = words(operator.get(reverse("stage", args=[STAGE]), {"kerja": failed.pk}))
    assert "sudah dibekukan oleh permintaan lain" in shown


def test_a_refused_run_says_why_to_everybody(ground: Ground) -> None:
    snapshot = ground.frozen()
    (snapshot.folder / "manifest.json").write_text("{}")
    maker = reader(ground, "commitment_officer")
    ask(maker, "compute")
    carry_out()
    assert "bukan lagi yang dibekukan" in see(newcomer("operator"))


def test_who_may_not_is_answered_as_if_it_were_not_there(ground: Ground) -> None:
    ground.checked()
    for role in ("policy_maker", "treasurer", "auditor"):
        page = reader(ground, role)
        for deed in ("freeze", "compute", "check", "instruct"):
            assert page.post(reverse("stage_do", args=[STAGE, deed])).status_code == 404, (role, deed)
    assert reader(ground, "commitment_officer").post(reverse("stage_do", args=[STAGE, "lain"])).status_code == 404
    assert decide(reader(ground, "commitment_officer"), ground).status_code == 404
    assert works() == []


def test_a_regency_sees_its_own_sum_and_no_figures_of_the_nation(ground: Ground) -> None:
    ground.checked()
    tapin, hss = (newcomer("regency_coordinator", regions=(no,)) for no in (TAPIN, HSS))
    assert "<mark>Rp4.200.000</mark> untuk 8 keluarga" in see(tapin)
    assert "<mark>Rp2.332.000</mark> untuk 4 keluarga" in see(hss)
    for page in (tapin, hss):
        assert "6.532.000" not in see(page)
        assert "Belum ada hasil yang <mark>diperiksa</mark>" in see(page, "stage_comparison")


def test_statements_of_a_page_do_not_grow(ground: Ground) -> None:
    """More findings, and more changes to name, cost a page no further statement."""
    ground.planned()
    urls = [reverse(name, args=[STAGE]) for name in ("stage", "stage_comparison", "stage_findings")]
    maker = reader(ground, "commitment_officer")

    def asked() -> dict[str, int]:
        freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
        running.compute(ground.stage(), actor=ground.maker, on=DAY)
        checking.check(ground.stage(), actor=ground.maker, on=DAY)
        counted = {}
        for url in urls:
            maker.get(url)
            with CaptureQueriesContext(connections["nation"]) as statements:
                assert maker.get(url).status_code == 200
            counted[url] = len(statements)
        return counted

    def without_numbers(some: int) -> None:
        with put_on(Scope.batch(via="test")):
            for row in PaymentAccount.objects.order_by("id")[:some]:
                row.number = None
                row.save()

    without_numbers(2)
    few = asked()
    approving.refuse(ground.stage(), why="sekali lagi", by=ground.people["policy_maker"], on=DAY)
    without_numbers(9)
    assert asked() == few


def test_differences_of_a_computed_stage_lead_to_its_comparison(ground: Ground) -> None:
    ground.checked()
    page = see(reader(ground, "commitment_officer"), "stage_differences")
    assert reverse("stage_comparison", args=[STAGE]) in page
    assert "tidak ada daftar pusat untuk dibandingkan" in page


def test_an_earlier_check_stays_to_be_seen(ground: Ground) -> None:
    ground.checked()
    approving.refuse(ground.stage(), why="Kab. Tapin naik", by=ground.people["policy_maker"], on=DAY)
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(ground.nation()):
        first = RunCheck.objects.order_by("id").values_list("pk", flat=True)[0]
    second = reader(ground, "policy_maker")
    page = see(second, "stage_comparison")
    assert f"?pemeriksaan={first}" in page
    assert "Setujui tahap" in page
    old = see(second, "stage_comparison", pemeriksaan=str(first))
    assert "Kab. Tapin naik" in old
    assert "Setujui tahap" not in old


def test_home_tells_each_what_waits_for_them(ground: Ground) -> None:
    ground.checked()
    assert "Tahap 2024-4 menunggu persetujuan Anda" in words(reader(ground, "policy_maker").get(reverse("home")))
    assert "menunggu persetujuan Anda" not in words(reader(ground, "commitment_officer").get(reverse("home")))
    ground.approve()
    assert "disetujui, belum diperintahkan" in words(reader(ground, "commitment_officer").get(reverse("home")))


def test_a_stage_computed_here_is_planned_on_the_page(ground: Ground) -> None:
    maker = reader(ground, "commitment_officer")
    name = maker.get(reverse("stage_plan")).context["form"].fields["stage"].choices[0][0]
    done = maker.post(reverse("stage_plan"), {"stage": name, "mode": "computed", "why": ""}, follow=True)
    assert f"Tahap {name} direncanakan." in words(done)
    opened = maker.post(reverse("stage_do", args=[name, "open"]), follow=True)
    assert f"Tahap {name} dibuka." in words(opened)


def test_once_all_waves_are_instructed_the_page_tells_of_the_whole_stage(ground: Ground) -> None:
    ground.handed_over()
    late = make_family(ground.world, 30)
    freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY + timedelta(days=9))
    maker = reader(ground, "commitment_officer")
    running.compute(ground.stage(), actor=ground.maker, on=DAY + timedelta(days=9))
    page = see(maker)
    assert "Yang sedang dikerjakan: susulan ke-1." in page
    with put_on(ground.nation()):
        main, susulan = Run.objects.live().filter(stage__name=STAGE).order_by("wave")
        assert due_of(ground.stage(), late) == susulan.net_idr
    assert figure("Bersih", susulan.net_idr) in page
    checking.check(ground.stage(), actor=ground.maker, on=DAY + timedelta(days=10))
    ground.approve()
    ground.ordered()
    for page in (see(maker), see(newcomer("province_coordinator", regions=(63 * 10**8,)))):
        assert "Yang sedang dikerjakan" not in page
        assert figure("Bersih", main.net_idr + susulan.net_idr) in page
        assert "13</b>" in page or ">13<" in page  # families paid by either wave
        steps, history = page.split('id="h-history"')
        assert "5 November" in steps
        assert "14 November" not in steps.split("Langkah berikutnya")[0]
        assert history.index("5 November 2024") < history.index("Susulan ke-1") < history.index("14 November 2024")


def figure(label: str, idr: int) -> str:
    """A figure of the page, without its markup."""
    return f"{label}</dt><dd>{rupiah(idr)}"


def test_what_hinders_a_move_is_said_before_it_is_offered(ground: Ground) -> None:
    ground.handed_over()
    maker = reader(ground, "commitment_officer")
    page = see(maker)
    assert "12 pembayaran belum dijawab." in page
    assert "disabled" in page.split('data-opens="langkah-reconcile"')[0].rpartition("<button")[2]
    ground.answer(Told.CREDITED)
    page = see(maker)
    assert "belum dijawab" not in page
    assert "disabled" not in page.split('data-opens="langkah-reconcile"')[0].rpartition("<button")[2]


def desk(ground: Ground, role: str) -> tuple[str, str]:
    """What waits for the reader, and where the computed stages stand, as their home says it."""
    page = words(reader(ground, role).get(reverse("home")))
    tasks, standing = (
        page.partition(f'id="{part}"')[2].partition("</section>")[0] for part in ("h-tugas", "h-computed")
    )
    return tasks, standing


def test_home_names_the_next_step_to_whose_it_is_and_where_the_stage_stands_to_all(ground: Ground) -> None:
    everybody = ("commitment_officer", "policy_maker", "payment_signer", "treasurer")

    def waits(**of_role: str) -> None:
        for role in everybody:
            tasks, standing = desk(ground, role)
            assert "2024-4" in standing, role
            if role in of_role:
                assert of_role[role] in tasks, role
            else:
                assert "tahap 2024-4" not in tasks.lower(), role

    ground.planned()
    waits(commitment_officer="Tahap 2024-4 menunggu dibekukan")
    freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    waits(commitment_officer="Tahap 2024-4 menunggu dihitung")
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    asked = "Tahap 2024-4 menunggu persetujuan Anda"
    waits(policy_maker=asked, payment_signer=asked)
    assert "Orang kedua menyetujui dengan SK" in desk(ground, "commitment_officer")[1]
    ground.approve()
    waits(commitment_officer="Tahap 2024-4 disetujui, belum diperintahkan")
    instruction = ground.ordered()
    files.write_files(instruction, actor=ground.maker, on=DAY)
    waits(commitment_officer="SPP belum terbit, tahap 2024-4")
    for kind, who in PAPERS:
        with put_on(ground.nation(who)):
            treasury.issue(instruction, kind, number=f"{kind}-1", on=DAY, by=ground.people[who], today=DAY)
        if kind == TreasuryDocument.Kind.SPP:
            waits(payment_signer="SPM belum terbit, tahap 2024-4")
        elif kind == TreasuryDocument.Kind.SPM:
            waits(treasurer="SP2D belum dicatat, tahap 2024-4")
    waits(treasurer="Berkas pembayaran belum diserahkan, tahap 2024-4")
    ground.hand_over(instruction)
    waits()
    ground.answer(Told.FAILED)
    with put_on(ground.nation()):
        closing.reconcile(ground.stage(), by=ground.people["commitment_officer"], on=DAY)
    waits(commitment_officer="Tahap 2024-4 menunggu ditutup")
    with put_on(ground.nation()):
        closing.close(ground.stage(), by=ground.people["commitment_officer"], on=DAY)
    back = "Setoran ke kas negara belum dicatat, tahap 2024-4"
    waits(commitment_officer="Tahap 2024-4 menunggu dituntaskan", treasurer=back)
