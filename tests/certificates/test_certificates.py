"""Certificates: numbered without a gap, once for each pass, mended, revoked, and checked by their code alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connections, transaction
from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.registry.actions import NotYours
from harapan.training.certificates import paper
from harapan.training.certificates.checking import Verdict, checked
from harapan.training.certificates.errors import NoChange, NothingToIssue, RecordedBefore, Revoked
from harapan.training.certificates.external import Paper, Scan, record_external
from harapan.training.certificates.issuing import issue_batch, reissue
from harapan.training.certificates.revoking import revoke
from harapan.training.models import Batch, Certificate, CertificateVersion, Enrolment, ExternalCertificate
from harapan.training.needs.competence import competences_of
from harapan.workforce.taking_on import take_on
from tests.certificates.conftest import HSS, SIGNER, SOUTH_KALIMANTAN, TAPIN, TODAY, School


def issued(school: School, batch: Batch) -> list[Certificate]:
    return issue_batch(batch, signer=SIGNER, post=school.centre, by=school.centre.user, on=TODAY)


@pytest.fixture
def batch(school: School) -> Batch:
    for name in ("CICI", "ANI", "BUDI", "DEDI"):
        school.staff(name)
    made = school.batch()
    school.enrol(made, ["CICI", "ANI", "BUDI"])
    school.enrol(made, ["DEDI"], Enrolment.State.FAILED)
    return made


def test_a_batch_is_certified_by_name_and_nobody_twice(school: School, batch: Batch) -> None:
    made = issued(school, batch)
    assert [(each.number, each.person.name) for each in made] == [(1, "ANI"), (2, "BUDI"), (3, "CICI")]
    assert {each.expires_on for each in made} == {date(2030, 3, 14)}  # five years from the day passed
    with pytest.raises(NothingToIssue, match="Semua 3 peserta"):
        issued(school, batch)
    late = school.staff("EKA")
    Enrolment.objects.create(person=late, batch=batch, state="passed", ended_on=TODAY)
    assert [(each.number, each.person.name) for each in issued(school, batch)] == [(4, "EKA")]


def test_who_did_not_pass_has_none(school: School, batch: Batch) -> None:
    issued(school, batch)
    assert not Certificate.objects.filter(person=school.people["DEDI"]).exists()
    nobody = school.batch()
    school.enrol(nobody, ["DEDI"], Enrolment.State.PRESENT)
    with pytest.raises(NothingToIssue, match="Belum ada peserta"):
        issued(school, nobody)


def test_numbers_go_on_from_batch_to_batch_and_begin_anew_with_the_year(school: School, batch: Batch) -> None:
    issued(school, batch)
    for on, number in ((TODAY, 4), (date(2026, 1, 5), 1)):
        further = school.batch()
        school.enrol(further, ["DEDI"])
        (made,) = issue_batch(further, signer=SIGNER, post=school.centre, by=school.centre.user, on=on)
        assert (made.year, made.number) == (on.year, number)


def test_a_place_certifies_its_own_batches_alone(school: School, batch: Batch) -> None:
    with pytest.raises(NotYours):
        issue_batch(batch, signer=SIGNER, post=school.province, by=school.province.user, on=TODAY)
    own = school.batch(region_no=6300000000)
    school.enrol(own, ["ANI"])
    assert issue_batch(own, signer=SIGNER, post=school.province, by=school.province.user, on=TODAY)


def test_a_place_that_sees_few_certificates_still_goes_on_with_the_series(school: School, batch: Batch) -> None:
    """A province does not see the ministry's own staff; their numbers are taken all the same."""
    school.people["PUSAT"] = take_on("PUSAT", region_no=0, since=TODAY)
    nation, own = school.batch(), school.batch(region_no=SOUTH_KALIMANTAN)
    school.enrol(nation, ["PUSAT"])
    school.enrol(own, ["ANI"])
    assert [each.number for each in issued(school, nation)] == [1]
    with put_on(school.province.scope(actor=school.province.user_id, via="test")):
        assert not Certificate.objects.exists()
        made = issue_batch(own, signer=SIGNER, post=school.province, by=school.province.user, on=TODAY)
        assert [each.number for each in made] == [2]


def test_a_paper_says_what_was_learned_and_is_the_same_file_each_time(school: School, batch: Batch) -> None:
    issued(school, batch)
    versions = list(CertificateVersion.objects.order_by("certificate__number"))
    made = paper.render(versions, address="https://harapan.example/")
    assert made == paper.render(versions, address="https://harapan.example/")
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) == 3
    assert "0001/STTPP/DIKLAT-P2K2/2025" in pages[0]
    assert "ANI" in pages[0]
    assert "Memfasilitasi pertemuan P2K2/FDS" in pages[0]
    assert "5 sampai 14 Maret 2025" in pages[0]
    assert versions[0].code[:4] in pages[0]


def test_a_paper_claims_pdf_a_and_carries_what_it_claims(school: School, batch: Batch) -> None:
    issued(school, batch)
    reader = PdfReader(io.BytesIO(paper.render([CertificateVersion.objects.all()[0]], address="https://x.example")))
    xmp = reader.xmp_metadata
    assert xmp is not None
    told = xmp.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in told
    (intent,) = reader.trailer["/Root"]["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object().get_data()
    assert "/ID" in reader.trailer
    assert not reader.is_encrypted
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described)  # embedded, whatever the reader has


# what ISO 19005-2 forbids in any dictionary of the file, by key and by value; of streams, that they lie elsewhere
NEVER_KEYS = {"/AA", "/JS", "/TR", "/HTP", "/Alternates", "/OPI", "/Ref", "/PS", "/XFA"}
ELSEWHERE = {"/F", "/FFilter", "/FDecodeParms"}
NEVER_VALUES = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/LZWDecode", "/Crypt",
                "/DeviceCMYK", "/PostScript"}  # fmt: skip


def test_a_paper_holds_nothing_that_pdf_a_forbids(school: School, batch: Batch) -> None:
    issued(school, batch)
    raw = paper.render([CertificateVersion.objects.all()[0]], address="https://x.example")
    reader = PdfReader(io.BytesIO(raw), strict=True)
    assert re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", raw)
    seen = 0
    for number in range(1, int(reader.trailer["/Size"])):
        for each in dictionaries(reader.get_object(number)):
            seen += 1
            assert NEVER_KEYS.isdisjoint(each), each
            assert NEVER_VALUES.isdisjoint(str(value) for value in each.values()), each
            assert not isinstance(each, StreamObject) or ELSEWHERE.isdisjoint(each)
            if each.get("/Subtype") == "/Image":
                assert each.get("/Interpolate", False) is not True
            if each.get("/Type") == "/Annot":
                assert int(each["/F"]) & 4  # printed
    assert seen > 20
    profile = reader.trailer["/Root"]["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
    assert profile.get_data()[16:20] == b"RGB "  # what DeviceRGB in the file then means
    info = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    told = reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert all(value in told for key, value in info.items() if key in ("/Title", "/Author", "/Creator"))


def dictionaries(found: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary that stands directly in an object."""
    if isinstance(found, dict):
        yield found
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    for each in inner:
        if not isinstance(each, IndirectObject):
            yield from dictionaries(each)


def test_anybody_reads_what_a_code_proves_and_nothing_else(school: School, batch: Batch) -> None:
    first = issued(school, batch)[0]
    code = first.versions.get().code
    with put_on(Scope.common(via="test")):
        found = checked(f" {code[:4]}-{code[4:].upper()} ")
        assert found is not None
        assert (found.number, found.name, found.course) == ("0001/STTPP/DIKLAT-P2K2/2025", "ANI", "Diklat P2K2/FDS")
        assert found.verdict(TODAY) is Verdict.VALID
        assert found.verdict(date(2030, 3, 14)) is Verdict.VALID
        assert found.verdict(date(2030, 3, 15)) is Verdict.EXPIRED
        assert checked("0" * 20) is None
        assert checked(code[:-1]) is None
        assert checked("'; DROP TABLE x --") is None
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Certificate.objects.count()


def test_a_revoked_certificate_counts_for_nothing_and_says_why(school: School, batch: Batch) -> None:
    first, second, _third = issued(school, batch)
    by = {"post": school.centre, "by": school.centre.user, "on": TODAY}
    with pytest.raises(Refused, match="Isi nomornya"):
        revoke(first, letter=" ", reason="Daftar hadir dipalsukan", **by)
    with pytest.raises(Refused, match="hanya 1 huruf"):
        revoke(first, letter="B/12/2025", reason="x", **by)
    revoke(first, letter="B/12/2025", reason="Daftar hadir dipalsukan", **by)
    assert revoke(first, letter="B/12/2025", reason="alasan lain", **by).revoked_reason == "Daftar hadir dipalsukan"
    with pytest.raises(Refused, match="sudah dicabut dengan surat B/12/2025"):
        revoke(first, letter="B/13/2025", reason="alasan lain", **by)
    found = checked(first.versions.get().code)
    assert found is not None
    assert (found.verdict(TODAY), found.revoked_reason) == (Verdict.REVOKED, "Daftar hadir dipalsukan")
    with pytest.raises(Revoked):
        reissue(first, name="X", staff_number="", signer=SIGNER, why="salah ketik", **by)
    with pytest.raises(NothingToIssue):
        issued(school, batch)  # its pass brings no second one
    with pytest.raises(NotYours):
        revoke(second, letter="B/14/2025", reason="x", post=school.regency, by=school.regency.user, on=TODAY)


def test_a_mistake_is_mended_by_a_version_of_the_same_number(school: School, batch: Batch) -> None:
    first = issued(school, batch)[0]
    old = first.versions.get()
    by = {"post": school.centre, "by": school.centre.user, "on": TODAY, "signer": SIGNER}
    with pytest.raises(NoChange):
        reissue(first, name="ANI", staff_number=first.person.staff_number, why="tidak ada", **by)
    new = reissue(first, name="ANI LESTARI", staff_number="", why="nama kurang lengkap", **by)
    assert (new.version, new.printed["number"], new.printed["name"]) == (2, old.printed["number"], "ANI LESTARI")
    assert new.code != old.code
    before, now = checked(old.code), checked(new.code)
    assert before is not None
    assert now is not None
    assert (before.verdict(TODAY), before.latest, now.verdict(TODAY)) == (Verdict.REPLACED, 2, Verdict.VALID)


def test_certificates_are_seen_from_the_place_and_by_their_owner(school: School, batch: Batch) -> None:
    issued(school, batch)
    owner = school.posts["ANI"]
    with put_on(Scope.of_groups((99,), actor=owner.user_id, via="test")):
        assert [each.person_id for each in Certificate.objects.all()] == [school.people["ANI"].pk]
        assert CertificateVersion.objects.count() == 1
        assert Certificate.objects.update(revoked_on=None) == 0
    with put_on(Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=7, via="test")):
        assert Certificate.objects.count() == 3
    with put_on(Scope.of_ranges(((HSS, HSS + 10**6),), actor=7, via="test")):
        assert Certificate.objects.count() == 0


def test_the_database_refuses_a_second_certificate_of_one_pass(school: School, batch: Batch) -> None:
    first = issued(school, batch)[0]
    with (
        connections["default"].cursor() as cursor,
        pytest.raises(Exception, match="enrolment"),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO training_certificate (id, person_id, region_no, enrolment_id, course_id, year, number,"
            " issued_on, revoked_letter, revoked_reason)"
            " SELECT nextval(pg_get_serial_sequence('training_certificate', 'id')), person_id, region_no, enrolment_id,"
            " course_id, year, 99, issued_on, '', '' FROM training_certificate WHERE id = %s",
            [first.pk],
        )


def test_a_certificate_from_outside_is_kept_with_its_scan_once(school: School) -> None:
    ani = school.staff("ANI")
    told = Paper("social-worker", "Pekerja sosial muda", "LSPS", "123/2024", date(2024, 5, 1), date(2027, 5, 1))

    def scan() -> Scan:
        return Scan("sertifikat.pdf", io.BytesIO(b"%PDF-1.7 pindaian"), "application/pdf")

    by = {"by": school.regency.user, "on": TODAY}
    made = record_external(ani, told, scan(), **by)
    assert (made.scan.owner, made.scan.region_no) == (ani.user_id, ani.region_no)
    with pytest.raises(RecordedBefore, match="123/2024"):
        record_external(ani, told, scan(), **by)
    for wrong, sentence in (
        (Paper("dancing", "x", "y", "1", TODAY), "dancing tidak dikenal"),
        (Paper("other", "x", "y", "1", date(2026, 1, 1)), "belum tiba"),
        (Paper("other", "x", "y", "1", TODAY, date(2024, 1, 1)), "sebelum terbit"),
    ):
        with pytest.raises(Refused, match=sentence):
            record_external(ani, wrong, scan(), **by)
    assert ExternalCertificate.objects.count() == 1
    held = {each.competence.code for each in competences_of(ani, on=TODAY) if each.held}
    assert held == {"social-worker"}
    assert "e-learning" not in {each.competence.code for each in competences_of(ani, on=TODAY)}  # no facilitator's
    assert not any(each.held for each in competences_of(ani, on=date(2027, 5, 2)))
