"""Hearing a family on the pages: who may tell, answer, decide; whose families; letters; constant queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.benefits import adjusting, notice_paper, sanctions
from harapan.benefits.models import Adjustment, Deferral, SanctionNotice, Stage, Verdict
from harapan.registry.models import Family
from harapan.verification.models import Exemption
from tests.benefits.hearing import AFTER, Hearing, make_hearing
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in

PDF = b"%PDF-1.7\n%surat puskesmas"


@dataclass
class Ground:
    hearing: Hearing
    stage: Stage
    ours: Family
    theirs: Family
    facilitator: Post
    coordinator: Post
    ministry: Post

    @property
    def notice(self) -> SanctionNotice:
        return SanctionNotice.objects.get(family=self.ours)


@pytest.fixture
def ground(world: World) -> Ground:
    hearing = make_hearing(world)
    stage = hearing.stage()
    ours, theirs = hearing.family(name="NORHAYATI"), hearing.family(village=CEMPAKA, name="RUSDIANA")
    far = hearing.family(village=BAMBAN, name="SITI ASIAH")
    for family in (ours, theirs, far):
        hearing.away(family, 202502)
    hearing.given(stage)
    return Ground(
        hearing, stage, ours, theirs,
        facilitator=person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,)),
        coordinator=person("regency_coordinator", regions=(TAPIN,)),
        ministry=person("commitment_officer"),
    )  # fmt: skip


def shown(post: Post, name: str, *args: Any, status: int = 200, **query: str) -> str:
    response = signed_in(post).get(reverse(name, args=args), query)
    assert response.status_code == status, response.content.decode()[:500]
    return str(response.content.decode())


def sent(post: Post, name: str, *args: Any, **typed: Any) -> Any:
    return signed_in(post).post(reverse(name, args=args), typed)


def test_a_facilitator_sees_whom_to_tell_among_own_families(ground: Ground) -> None:
    page = shown(ground.facilitator, "sanctions")
    assert "<mark>1 pemberitahuan</mark> belum sampai ke keluarga" in page
    assert "NORHAYATI" in page
    assert "RUSDIANA" not in page
    assert "Simpan putusan" not in page
    home = shown(ground.facilitator, "home")
    assert "Keluarga belum diberi tahu tentang bulan yang terlewat" in home


def test_telling_answering_and_deciding_each_by_whom_may(ground: Ground) -> None:
    number = ground.notice.pk
    page = shown(ground.facilitator, "sanction_notice", number)
    assert "Bila semua yang terbuka tetap berlaku, bantuan berkurang Rp22.500 menjadi Rp202.500." in page
    told = sent(ground.facilitator, "sanctions_several", deed="tell", how="visit", notice=[number])
    assert told.status_code == 303
    assert ground.notice.told_by == ground.facilitator.user
    assert sent(ground.facilitator, "sanction_decide", number, verdict="accepted", why="anak sakit").status_code == 404
    answered = sent(
        ground.facilitator, "sanction_answer", number, answer="dirawat di puskesmas", answer_from="family",
        file=SimpleUploadedFile("surat.pdf", PDF, content_type="application/pdf"),
    )  # fmt: skip
    assert answered.status_code == 303
    page = shown(ground.coordinator, "sanction_notice", number)
    assert "dirawat di puskesmas" in page
    kept = ground.notice.evidence_id
    opened = signed_in(ground.coordinator).get(reverse("sanction_evidence", args=[number, kept]))
    assert b"".join(opened.streaming_content) == PDF
    decided = sent(ground.coordinator, "sanction_decide", number, verdict="accepted", why="ada surat puskesmas")
    assert decided.status_code == 303
    assert (ground.notice.verdict, ground.notice.decided_by) == (Verdict.ACCEPTED, ground.coordinator.user)
    assert Entry.objects.filter(verb="sanction_notice.looked", subject=number).exists()


def test_what_is_wrong_is_said_beside_what_was_typed(ground: Ground) -> None:
    number = ground.notice.pk
    early = sent(ground.coordinator, "sanction_decide", number, verdict="upheld", why="tidak masuk sekolah")
    assert early.status_code == 422
    assert "masa menjawabnya belum habis" in early.content.decode()
    assert "tidak masuk sekolah" in early.content.decode()
    sent(ground.facilitator, "sanction_answer", number, told="phone")
    empty = sent(ground.facilitator, "sanction_answer", number, answer="", answer_from="family")
    assert empty.status_code == 422
    wrong = sent(
        ground.facilitator, "sanction_answer", number, answer="sakit", answer_from="family",
        file=SimpleUploadedFile("x.exe", b"MZ", content_type="application/pdf"),
    )  # fmt: skip
    assert "bukan PDF, JPG, atau PNG" in wrong.content.decode()
    none = sent(ground.facilitator, "sanctions_several", deed="tell", how="visit")
    assert none.status_code == 422


def test_families_of_others_are_not_there(ground: Ground) -> None:
    number = SanctionNotice.objects.get(family=ground.theirs).pk
    shown(ground.facilitator, "sanction_notice", number, status=404)
    assert sent(ground.facilitator, "sanction_answer", number, told="visit").status_code == 404
    far = SanctionNotice.objects.get(family__name="SITI ASIAH").pk
    shown(ground.coordinator, "sanction_notice", far, status=404)
    refused = sent(ground.coordinator, "sanctions_several", deed="decide", notice=[far], verdict="accepted", why="x")
    assert refused.status_code == 422
    assert SanctionNotice.objects.get(pk=far).open


def test_many_are_decided_at_once(ground: Ground) -> None:
    numbers = [ground.notice.pk, SanctionNotice.objects.get(family=ground.theirs).pk]
    typed = {"deed": "decide", "notice": numbers, "verdict": "no_service", "why": "sekolah terendam banjir"}
    assert sent(ground.coordinator, "sanctions_several", **typed).status_code == 303
    assert SanctionNotice.objects.filter(verdict=Verdict.NO_SERVICE).count() == 2
    assert "NORHAYATI" in shown(ground.coordinator, "sanctions", state="decided")
    assert "Tidak ada keluarga yang <mark>menunggu didengar</mark>" in shown(ground.coordinator, "sanctions")


def test_the_letter_says_what_when_how_much_and_whom_to_call(ground: Ground) -> None:
    [letter] = notice_paper.letters_of(ground.stage, [ground.ours.pk])
    assert letter.missed == (("Februari 2025", "ANAK PRIMARY (SD sederajat): kehadiran di sekolah belum cukup"),)
    assert letter.cost == "Bila tidak ada jawaban, bantuan berkurang Rp22.500 menjadi Rp202.500."
    assert (letter.until, letter.days) == ("", 14)
    assert "Pendamping 1 (pendamping)" in letter.call
    response = signed_in(ground.facilitator).get(reverse("sanction_letters"), {"stage": ground.stage.name})
    assert response.status_code == 200
    assert response.content[:5] == b"%PDF-"
    nothing = signed_in(ground.facilitator).get(
        reverse("sanction_letters"), {"stage": ground.stage.name, "keluarga": str(ground.theirs.pk)}
    )
    assert nothing.status_code == 422  # not among her families


def test_letters_of_a_regency_come_in_one_file_and_too_many_are_refused(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = notice_paper.letters_of(ground.stage, [ground.ours.pk, ground.theirs.pk])
    assert [letter.name for letter in letters] == ["NORHAYATI", "RUSDIANA"]
    asked = {"stage": ground.stage.name, "state": "untold"}
    assert signed_in(ground.coordinator).get(reverse("sanction_letters"), asked).status_code == 200
    monkeypatch.setattr("harapan.web.sanctions.views.LETTERS_MAX", 1)
    assert signed_in(ground.coordinator).get(reverse("sanction_letters"), asked).status_code == 422


def test_the_familys_page_tells_the_notice_the_answer_and_the_effect(ground: Ground) -> None:
    ground.hearing.told(ground.stage)
    page = shown(ground.facilitator, "family", ground.ours.pk, tahap=ground.stage.name)
    assert "Februari 2025" in page
    assert "Masa menjawab habis 17 April 2025 dan belum diputuskan." in page
    sanctions.lapse(ground.stage, by=None, on=AFTER)
    ground.hearing.approved(ground.stage)
    adjusting.correct(
        ground.ours, of_stage=ground.stage, kind=Adjustment.Kind.BACK_PAY, idr=30_000, why="salah hitung komponen",
        by=ground.hearing.world.user,
    )  # fmt: skip
    page = shown(ground.facilitator, "family", ground.ours.pk, tahap=ground.stage.name)
    assert "tidak menjawab sampai batas waktunya" in page
    assert "salah hitung komponen" in page
    assert "menunggu tahap berikutnya" in page
    later = ground.hearing.stage("2025-3")
    ground.hearing.approved(later)
    page = shown(ground.facilitator, "family", ground.ours.pk, tahap=later.name)
    assert "Kekurangan dari tahap sebelumnya" in page
    assert "diselesaikan Rp30.000" in page


def test_the_regency_enters_and_withdraws_an_exemption(ground: Ground) -> None:
    assert "Catat layanan yang tidak tersedia" not in shown(ground.facilitator, "exemptions")
    month = int(f"{timezone.localdate():%Y%m}")  # the form offers the months around today
    typed = {"region": HIYUNG, "component": "3", "month_from": month, "month_to": month, "why": "sekolah terbakar"}
    refused = sent(ground.facilitator, "exemptions", **typed)
    assert refused.status_code == 404
    outside = sent(ground.coordinator, "exemptions", **{**typed, "region": BAMBAN})
    assert outside.status_code == 422
    assert not Exemption.objects.exists()
    assert sent(ground.coordinator, "exemptions", **typed).status_code == 303
    made = Exemption.objects.get()
    assert (made.region_id, made.region_high, made.component, made.month_to) == (HIYUNG, HIYUNG + 1, 3, month)
    assert "sekolah terbakar" in shown(ground.facilitator, "exemptions")
    assert sent(ground.coordinator, "exemption", made.pk, why="sekolah buka lagi").status_code == 303
    assert not Exemption.objects.get().in_force


def test_deferred_money_is_listed_and_lifted_by_the_ministry(ground: Ground) -> None:
    run = ground.hearing.computed(ground.stage)
    held = Deferral.objects.create(
        family=ground.ours, run=run, stage=ground.stage, step="defer", stages_missed=3, idr=202_500, since=AFTER
    )
    assert "<mark>Rp202.500</mark> ditangguhkan" in shown(ground.facilitator, "deferrals")
    shown(ground.coordinator, "deferral", held.pk, status=404)
    lifted = sent(ground.ministry, "deferral", held.pk, why="anak kembali bersekolah")
    assert lifted.status_code == 303
    assert Adjustment.objects.get().idr == 202_500
    assert "Tidak ada bantuan yang <mark>ditangguhkan</mark>" in shown(ground.ministry, "deferrals")


def test_queries_do_not_grow_with_the_notices(ground: Ground) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            shown(ground.coordinator, "sanctions")
        return len(seen)

    queries()  # names of regions are remembered by the process
    before = queries()
    for _ in range(8):
        ground.hearing.away(ground.hearing.family(), 202501, 202503)
    ground.hearing.given(ground.stage)
    assert SanctionNotice.objects.count() == 19
    assert queries() == before


def test_a_list_is_paged_by_key_without_loss(ground: Ground) -> None:
    for _ in range(45):
        ground.hearing.away(ground.hearing.family(), 202501)
    ground.hearing.given(ground.stage)
    client = signed_in(ground.coordinator)
    first = client.get(reverse("sanctions"))
    rest = client.get(f"{reverse('sanctions')}?{first.context['page'].next_query}")
    seen = [row.pk for answer in (first, rest) for row in answer.context["page"]]
    assert len(seen) == len(set(seen)) == 47
