"""Files come in through pages: tried, answered row by row, saved by the second button; wrong files say what ails."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.log import traces_of
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.intake import tasks
from harapan.intake.models import ImportRow, ImportRun
from harapan.jobs.models import Work
from harapan.registry.models import Family
from tests.intake.conftest import BANJAR, TAPIN, row
from tests.web.signing import person, signed_in

pytestmark = pytest.mark.usefixtures("system")


@pytest.fixture
def officer(system: Any) -> Post:
    return person("data_officer", regions=(TAPIN,), name="Siti APD")


@pytest.fixture
def page(officer: Post) -> Client:
    return signed_in(officer)


def csv(*rows: dict[str, Any]) -> bytes:
    return beneficiaries.render(rows, form="csv")


def send(
    page: Client, *files: bytes, name: str = "penerima.csv", layout: str = "beneficiaries", stage: str = "2025-2"
) -> Any:
    uploads = [SimpleUploadedFile(f"{number}-{name}", raw) for number, raw in enumerate(files, start=1)]
    return page.post(reverse("import_new"), {"layout": layout, "stage": stage, "uploads": uploads}, follow=True)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def latest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def test_a_list_is_tried_then_saved_by_the_button_that_names_the_count(page: Client) -> None:
    tried = send(page, csv(row(1), row(2), row(3, village="DESA ANTAH", village_code="")))
    assert "2 baris siap disimpan, 1 ditolak. <mark>Belum ada yang berubah.</mark>" in text(tried)
    assert "Simpan 2 baris" in text(tried)
    assert not Family.objects.exists()
    saved = page.post(reverse("import_commit", args=[latest().pk]), follow=True)
    assert "<mark>2 baris disimpan</mark>, 1 ditolak" in text(saved)
    assert Family.objects.count() == 2


def test_answers_are_shown_by_verdict_with_their_reasons(page: Client) -> None:
    antah = [row(number, village=f"DESA ANTAH {number}", village_code="") for number in (2, 3)]
    send(page, csv(row(1), *antah, row(4, amount_idr=-1)))
    run = latest()
    refused = page.get(reverse("import", args=[run.pk]), {"verdict": "4"})
    assert "Mengapa ditolak" in text(refused)
    assert [each.line for each in refused.context["page"]] == [3, 4, 5]
    assert [each.rows for each in refused.context["page_of"].reasons] == [2, 1]  # alike but for the name
    taken = page.get(reverse("import", args=[run.pk]), {"verdict": "1"})
    assert [each.line for each in taken.context["page"]] == [2]
    assert any(trace.verb == "import.looked" for trace in traces_of("import", run.pk))


def test_new_and_refused_lines_are_told_by_the_name_on_the_file(page: Client) -> None:
    send(page, csv(row(1, name="SITI MILA"), row(2, name="HALIMAH", amount_idr=-1)))
    address = reverse("import", args=[latest().pk])
    assert "SITI MILA" in text(page.get(address, {"verdict": "1"}))
    assert "HALIMAH" in text(page.get(address, {"verdict": "4"}))
    page.post(reverse("import_commit", args=[latest().pk]))
    assert [each.name for each in ImportRow.objects.order_by("line")] == ["", "HALIMAH"]  # then its family tells it


def test_refused_rows_come_back_as_a_file_with_reasons(page: Client) -> None:
    send(page, csv(row(1), row(2, amount_idr=-5)))
    answer = page.get(reverse("import_refused", args=[latest().pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "ditolak" in answer.headers["Content-Disposition"]
    assert "alasan penolakan" in content
    assert content.count("RUSMINI") == 1


def test_the_same_file_twice_says_so_and_changes_nothing(page: Client) -> None:
    raw = csv(row(1), row(2))
    send(page, raw)
    page.post(reverse("import_commit", args=[latest().pk]))
    again = send(page, raw)
    assert "Berkas yang sama sudah dibawa masuk" in text(again)
    assert "Tidak ada yang perlu disimpan: 2 baris sama" in text(again)
    assert "import_commit" not in text(again)


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"PK\x03\x04 not a workbook", "rusak.xlsx", "rusak.xlsx"),
        (b"", "kosong.csv", "kosong"),
        (b"nama;alamat\nA;B\n", "lain.csv", "iddtks"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_in_words(page: Client, raw: bytes, name: str, said: str) -> None:
    answer = send(page, raw, name=name)
    assert answer.status_code == 422
    assert said.lower() in text(answer).lower()
    assert "hal perlu diperbaiki" in text(answer)
    assert not Family.objects.exists()
    kept = ImportRun.objects.filter(state=ImportRun.State.FAILED)
    assert kept.count() == (1 if raw else 0)  # an empty upload is told before anything is kept
    for run in kept:
        told = page.get(reverse("import", args=[run.pk]))
        assert "<mark>tidak dapat dibaca</mark>" in text(told)
        assert run.notice.split(".")[0] in told.content.decode()


def test_a_list_for_a_stage_needs_the_stage(page: Client) -> None:
    answer = send(page, csv(row(1)), stage="")
    assert answer.status_code == 422
    assert "Pilih tahapnya, misalnya 2025-2." in text(answer)


def test_several_files_at_once_are_listed_each_with_its_answer(page: Client) -> None:
    answer = send(page, csv(row(1)), csv(row(2)), b"nama;alamat\nA;B\n")
    assert "2 berkas diterima dan diuji." in text(answer)
    assert "3-penerima.csv:" in text(answer)
    assert "<mark>2 berkas</mark> sudah diuji dan belum disimpan" in text(answer)
    states = [run.state for run in ImportRun.objects.order_by("pk")]
    assert states == ["rehearsed", "rehearsed", "failed"]


def test_a_large_file_is_read_in_the_background_with_a_bar(page: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE_BYTES", 10)
    shown = send(page, csv(row(1)))
    assert "<mark>sedang dibaca</mark>" in text(shown)
    assert 'role="progressbar"' in text(shown)
    run = latest()
    work = Work.objects.get(pk=run.work_no)
    bar = page.get(reverse("import_progress", args=[run.pk]), headers={"HX-Request": "true"})
    assert "hx-get" in text(bar)
    tasks.answer_later(work_id=work.pk, run_id=run.pk, commit=0)
    over = page.get(reverse("import_progress", args=[run.pk]), headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == reverse("import", args=[run.pk])
    assert "1 baris siap disimpan" in text(page.get(reverse("import", args=[run.pk])))


def test_reading_that_stopped_midway_can_be_asked_again(page: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE_BYTES", 10)
    send(page, csv(row(1)))
    run = latest()
    Work.objects.filter(pk=run.work_no).update(state=Work.State.FAILED, message="Pekerjaan ini dua kali terhenti.")
    shown = text(page.get(reverse("import", args=[run.pk])))
    assert "<mark>belum selesai dibaca</mark>" in shown
    assert "Pekerjaan ini dua kali terhenti." in shown
    monkeypatch.setattr(tasks, "AT_ONCE_BYTES", 10_000)
    assert "1 baris siap disimpan" in text(page.post(reverse("import_rehearse", args=[run.pk]), follow=True))


def test_a_broken_file_in_the_background_is_refused_whole(page: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE_BYTES", 3)
    send(page, b"nama;alamat\nA;B\n")
    run = latest()
    tasks.answer_later(work_id=run.work_no, run_id=run.pk, commit=0)
    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    assert run.notice in text(page.get(reverse("import", args=[run.pk]))).replace("&quot;", '"')


def test_only_who_may_import_and_only_their_own_region(page: Client) -> None:
    send(page, csv(row(1)))
    run = latest()
    stranger = signed_in(person("data_officer", regions=(BANJAR,)))
    facilitator = signed_in(person("facilitator"))
    assert stranger.get(reverse("import", args=[run.pk])).status_code == 404
    assert stranger.post(reverse("import_commit", args=[run.pk])).status_code == 404
    assert facilitator.get(reverse("imports")).status_code == 404
    assert not Family.objects.exists()


def test_nothing_yet_says_what_to_bring_first(page: Client) -> None:
    assert "Belum ada berkas yang dibawa masuk" in text(page.get(reverse("imports")))
    narrowed = page.get(reverse("imports"), {"state": "failed"})
    assert "Tidak ada yang cocok dengan saringan ini" in text(narrowed)


def test_queries_do_not_grow_with_the_rows(page: Client, django_assert_max_num_queries: Any) -> None:
    send(page, csv(*(row(number) for number in range(1, 60))))
    page.post(reverse("import_commit", args=[latest().pk]))
    for _more in range(3):
        send(page, csv(row(70 + _more)))
    with django_assert_max_num_queries(22):
        page.get(reverse("import", args=[ImportRun.objects.earliest("pk").pk]), {"verdict": "1"})
    with django_assert_max_num_queries(16):
        page.get(reverse("imports"))
