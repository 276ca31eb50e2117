"""Who reported is found nowhere by the person reported or their coordinator: pages, files, exports, log, numbers."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connections
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from harapan.accounts.models import Post, SignInDelay
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database import day
from harapan.database.scope import SYSTEM, Scope, active_alias, atomic, put_on
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.workforce.ethics import deciding, following, handling, joining, reporting
from harapan.workforce.ethics.reporting import Told, file_report
from harapan.workforce.models import EthicsCase, EthicsEvidence, EthicsMessage, EthicsReport, Step
from harapan.workforce.taking_on import take_on
from tests.web.signing import signed_in
from tests.web.stage_ground import words
from tests.workforce.ethics_ground import CHARGE, DAY, STORY, TAPIN, TAPIN_TENGAH, Court, make_court

NAME, CONTACT, FILE = "SITI RUSDIANA", "081255551234", "foto_siti_rusdiana.jpg"


@pytest.fixture
def court(system: Scope, monkeypatch: pytest.MonkeyPatch) -> Court:
    monkeypatch.setattr(day, "today", lambda: DAY)
    return make_court()


def photograph(seed: int = 0) -> bytes:
    """A picture whose EXIF says who took it."""
    picture, out = Image.effect_noise((320 + seed, 240), 80).convert("RGB"), io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = NAME
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(name: str = FILE, seed: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photograph(seed), content_type="image/jpeg")


def document(*, locked: bool = False) -> SimpleUploadedFile:
    """A PDF that names its author, holds a photograph of theirs, runs a script and carries a program."""
    out = io.BytesIO()
    Image.open(io.BytesIO(photograph())).save(out, "PDF")
    paper = PdfWriter(clone_from=out)
    paper.add_metadata({"/Author": NAME})
    paper.add_attachment("program.exe", b"MZ" + NAME.encode())
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    paper.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    if locked:
        paper.encrypt("rahasia")
    out = io.BytesIO()
    paper.write(out)
    return SimpleUploadedFile("surat_siti.pdf", out.getvalue())


def form(**more: Any) -> dict[str, Any]:
    return {
        "offence": "holding_cards", "name": "ANI", "region": str(TAPIN), "told": STORY, "happened_at": "",
        "reporter_name": NAME, "reporter_contact": CONTACT, **more,
    }  # fmt: skip


def send(client: Client, **more: Any) -> Any:
    return client.post(reverse("ethics_report"), form(**more))


def case_now() -> EthicsCase:
    return EthicsCase.objects.latest("pk")


def test_the_reporter_is_found_nowhere(court: Court) -> None:
    """Filed by somebody who is signed in, with a name, a contact and a picture that bears all of it."""
    reporter = court.lead  # a colleague of the kecamatan, signed in
    receipt = send(signed_in(reporter), brought=upload()).context["receipt"]
    case = case_now()
    secrets = (NAME, CONTACT, FILE, receipt.number, receipt.word)
    _walk_to_the_end(court, case)
    pages = {
        court.ani: [reverse("ethics"), reverse("ethics_own", args=[case.pk]), reverse("my_record")],
        court.katim: [
            reverse("ethics_cases"), reverse("ethics_case", args=[case.pk]), reverse("ethics_register"),
            reverse("staff_person", args=[court.person.pk]), reverse("departures"),
        ],
    }  # fmt: skip
    for post, addresses in pages.items():
        for address in addresses:
            shown = words(signed_in(post).get(address))
            assert [each for each in secrets if each in shown] == [], (post, address)
    for kind in ("xlsx", "csv"):
        told = _contents(signed_in(court.katim).get(reverse("ethics_register_file", args=[kind])))
        assert "KE/1/2025" in told
        assert [each for each in (*secrets, reporter.user.name) if each in told] == []
    # the log: nobody's deed, and neither words nor names in it
    log = [entry for entry in Entry.objects.all() if entry.via == reporting.VIA]
    assert log
    assert {(entry.actor, entry.on_behalf) for entry in log} == {(SYSTEM, None)}
    everything = " ".join(f"{entry.why} {entry.body}" for entry in Entry.objects.all())
    assert [each for each in secrets if each in everything] == []
    assert not Entry.objects.filter(actor=reporter.user_id, subject_kind__startswith="ethics").exists()
    assert not SignInDelay.objects.exists()  # the address is not kept
    # the file: a name of ours, nobody's, and nothing of what the camera wrote
    stored = EthicsEvidence.objects.select_related("file").get(kind="brought").file
    assert stored is not None
    assert (stored.name, stored.owner, stored.region_no) == ("bukti-1.jpg", SYSTEM, 0)
    assert NAME.encode() not in storage.read(stored)


def _walk_to_the_end(court: Court, case: EthicsCase) -> None:
    """Handled and decided by the commission, so that the regency's coordinator only sees how far it is."""
    judge = court.judge
    by: dict[str, Any] = {"by": judge.user, "on": DAY}
    with court.acting(judge):
        handling.take(case.pk, **by)
        handling.verify(case.pk, note="", **by)
        handling.examine(case.pk, charge=CHARGE, note="", **by)
        handling.summon(case.pk, hearing_on=DAY + timedelta(days=3), place="Aula", **by)
        handling.hear(case.pk, heard="Ia datang dan menjelaskan.", by=judge.user, on=DAY + timedelta(days=3))
        verdict = court.verdict("medium")
        deciding.decide(case.pk, verdict, post=judge, by=judge.user, on=DAY + timedelta(days=4))


def _contents(answer: Any) -> str:
    raw = b"".join(answer.streaming_content)
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return raw.decode("utf-8-sig")


def test_files_are_seen_by_the_handler_and_never_by_whom_they_are_about(court: Court) -> None:
    send(Client(), brought=upload())
    case = case_now()
    evidence = EthicsEvidence.objects.get(kind="brought")
    address = reverse("ethics_file", args=[case.pk, evidence.pk])
    for post in (court.katim, court.province):  # they see the case, nobody of them handles it
        assert signed_in(post).get(address).status_code == 404
        with court.acting(post):
            assert not StoredFile.objects.exists()
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
    answer = signed_in(court.katim).get(address)
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    assert Entry.objects.filter(verb="file.opened", actor=court.katim.user_id).exists()
    EthicsCase.objects.filter(pk=case.pk).update(accused=court.second.user, told_on=DAY, step=Step.SUMMONED)
    for post, seen in ((court.judge, 1), (court.second, 0), (court.ani, 0)):
        with court.acting(post):
            assert StoredFile.objects.filter(pk=evidence.file_id).count() == seen


def test_a_pdf_is_kept_as_pictures_of_its_pages_and_nothing_else(court: Court) -> None:
    send(Client(), brought=document())
    stored = EthicsEvidence.objects.select_related("file").get(kind="brought").file
    assert stored is not None
    assert (stored.name, stored.media_type) == ("bukti-1.pdf", "application/pdf")
    raw = storage.read(stored)
    kept = PdfReader(io.BytesIO(raw))
    assert (len(kept.pages), len(kept.pages[0].images), kept.metadata) == (1, 1, None)
    assert set(kept.root_object) == {"/Type", "/Pages"}
    assert not kept.pages[0].images[0].image.getexif()  # type: ignore[union-attr]
    assert [each for each in (NAME.encode(), b"Date", b"JavaScript", b"program") if each in raw] == []
    case = case_now()
    with court.acting(court.katim):
        handling.take(case.pk, by=court.katim.user, on=DAY)
    answer = signed_in(court.katim).get(reverse("ethics_file", args=[case.pk, EthicsEvidence.objects.get().pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], "object-src 'none'" in answer["Content-Security-Policy"]) == (
        "nosniff", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        (document(locked=True), "terkunci kata sandi"),
        (SimpleUploadedFile("x.pdf", b"%PDF-1.7 bukan PDF"), "bukan PDF yang dapat dibuka"),
        (SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(10 * 2**20)), "lebih besar dari 10 MB"),
    ],
    ids=["locked", "broken", "large"],
)
def test_a_pdf_that_cannot_be_drawn_is_refused(court: Court, brought: SimpleUploadedFile, said: str) -> None:
    brought.seek(0)
    answer = send(Client(), brought=brought)
    assert (answer.status_code, said in words(answer)) == (422, True)
    assert not EthicsReport.objects.exists()


def test_files_have_a_limit_then_and_later(court: Court) -> None:
    receipt = send(Client(), brought=[upload(seed=each) for each in range(3)]).context["receipt"]
    too_many = send(Client(), brought=[upload(seed=each) for each in range(6)])
    assert too_many.status_code == 422
    assert "paling banyak 5 berkas" in words(too_many)
    assert EthicsReport.objects.count() == 1  # nothing of the refused one stayed
    broken = send(Client(), brought=SimpleUploadedFile("virus.jpg", b"MZ"))
    assert broken.status_code == 422
    assert "bukan foto yang dapat dibuka" in words(broken)
    key = {"number": receipt.number, "word": receipt.word}
    more = {"text": "Ini foto kartunya.", "brought": [upload(seed=8), upload(seed=9)]}
    assert Client().post(reverse("ethics_follow"), key | more).status_code == 200
    beyond = Client().post(reverse("ethics_follow"), key | {"text": "Satu lagi.", "brought": upload(seed=7)})
    assert beyond.status_code == 422
    assert EthicsEvidence.objects.filter(kind="brought").count() == 5
    assert EthicsMessage.objects.count() == 1  # the words of a refused one neither
    named = {file.name for file in StoredFile.objects.filter(kind="ethics")}
    assert named == {f"bukti-{n}.jpg" for n in range(1, 6)}


def test_an_address_files_so_many_in_an_hour(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told("holding_cards", "ANI", STORY, TAPIN)

    def filed(address: str) -> None:
        with put_on(Scope.common(actor=SYSTEM, via="report")):
            file_report(told, on=DAY, address=address)

    monkeypatch.setattr(reporting.law, "reports_per_hour_max", lambda on: 2)
    for _each in range(2):
        filed("10.0.0.1")
    with pytest.raises(Refused, match="sudah masuk 2 laporan dalam satu jam"):
        filed("10.0.0.1")
    filed("10.0.0.2")
    monkeypatch.setattr(reporting.time, "time", lambda: 4_000_000_000.0)
    filed("10.0.0.1")
    assert EthicsReport.objects.count() == 4


def test_numbers_tell_neither_order_nor_time(court: Court) -> None:
    """Whoever knows when somebody sat at a computer learns nothing from a report's number or the hour of a file."""
    numbers = [send(Client(), brought=upload(seed=each)).context["receipt"].number for each in range(6)]
    assert len(set(numbers)) == 6
    assert all(re.fullmatch(r"LE-[A-Z2-9]{4}-[A-Z2-9]{4}", number) for number in numbers)  # drawn, not counted
    moments = set(StoredFile.objects.filter(kind="ethics").values_list("stored_at__time", flat=True))
    assert len(moments) == 1  # the day's beginning
    reports = EthicsReport.objects.values_list("reported_on", flat=True)
    assert set(reports) == {DAY}  # a day, no hour


def test_reports_about_one_person_become_one_case(court: Court) -> None:
    first, one = court.file()
    second, other = court.file(offence="cutting_aid", reporter_name=NAME)
    with court.acting(court.katim):
        for case in (one, other):
            handling.take(case.pk, by=court.katim.user, on=DAY)
        assert list(joining.others_about(one, post=court.katim)) == [other]
    page = words(signed_in(court.katim).get(reverse("ethics_case", args=[other.pk])))
    assert "Ada perkara lain tentang orang ini" in page
    deed = reverse("ethics_deed", args=[other.pk, "gabung"])
    assert signed_in(court.katim).post(deed, {"into": one.pk}).status_code == 303
    other.refresh_from_db()
    assert (other.step, other.joined_to) == (Step.CLOSED, one)
    assert EthicsReport.objects.filter(case=one).count() == 2
    keeper = EthicsReport.objects.get(case=one, anonymous=False).keeper
    assert keeper is not None  # each report keeps its own
    with court.acting(court.katim):
        handling.verify(one.pk, note="", by=court.katim.user, on=DAY)
    for receipt in (first, second):
        assert following.follow(receipt.number, receipt.word).step == Step.VERIFIED
    with court.acting(court.ani):
        assert not EthicsCase.objects.exists()


def test_cases_about_two_people_or_of_two_handlers_stay_apart(court: Court) -> None:
    _receipt, one = court.file()
    take_on("BUDI", region_no=TAPIN_TENGAH, since=DAY)
    _receipt, other = court.file(name="BUDI")
    _receipt, third = court.file()
    katim: dict[str, Any] = {"by": court.katim.user, "on": DAY}
    with court.acting(court.katim):
        for case in (one, other):
            handling.take(case.pk, **katim)
        with pytest.raises(Refused, match="bukan tentang orang yang sama"):
            joining.join(one.pk, other.pk, **katim)
        with pytest.raises(Refused, match="tidak Anda tangani"):
            joining.join(third.pk, one.pk, **katim)


def test_a_handler_adds_a_file(court: Court) -> None:
    case = court.walk(Step.VERIFIED)
    deed = reverse("ethics_deed", args=[case.pk, "berkas"])
    client = signed_in(court.katim)
    paper = document()
    page = reverse("ethics_case", args=[case.pk])
    assert "tanda tangan digital di dalam PDF tidak ikut" in words(client.get(page))
    broken = SimpleUploadedFile("x.pdf", b"%PDF-1.7 isi")
    refused = client.post(deed, {"file": broken, "text": "Berita acara pemeriksaan desa."})
    assert (refused.status_code, "bukan PDF yang dapat dibuka" in words(refused)) == (422, True)
    assert client.post(deed, {"text": "Berita acara pemeriksaan desa."}).status_code == 422
    assert client.post(deed, {"file": paper, "text": "Berita acara pemeriksaan desa."}).status_code == 303
    kept = EthicsEvidence.objects.select_related("file").get(kind="file").file
    assert kept is not None
    assert kept.name == "bukti-pemeriksa.pdf"
    drawn = PdfReader(io.BytesIO(storage.read(kept)))  # whoever is judged by it is judged by what the handler saw
    assert (len(drawn.pages[0].images), drawn.metadata, set(drawn.root_object)) == (1, None, {"/Type", "/Pages"})
    assert "Buka bukti-pemeriksa.pdf" in words(client.get(page))


def test_the_register_is_for_those_who_may(court: Court) -> None:
    for post, status in ((court.katim, 200), (court.judge, 200), (court.lead, 404), (court.ani, 404)):
        for kind in ("xlsx", "csv"):
            answer = signed_in(post).get(reverse("ethics_register_file", args=[kind]))
            assert answer.status_code == status
            if status == 200:
                assert "NOMOR PUTUSAN" in _contents(answer)
    assert signed_in(court.katim).get(reverse("ethics_register_file", args=["pdf"])).status_code == 404
    assert Entry.objects.filter(verb="sanction_register_file.looked", actor=court.katim.user_id).exists()


def test_nobody_reaches_the_counter_of_reports(court: Court) -> None:
    for post in (court.katim, court.judge):
        assert _refused(post, "SELECT * FROM harapan.ethics_intake")


def _refused(post: Post, sql: str) -> bool:
    with put_on(post.scope(actor=post.user_id, via="test")):
        try:
            with atomic(), connections[active_alias()].cursor() as cursor:
                cursor.execute(sql)
        except ProgrammingError:
            return True
    return False
