"""Pages for a reader who chose English: nothing of our own words is left Indonesian on them."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

import harapan
from harapan.benefits.actions import stage_named
from harapan.benefits.computing import compute_beside
from harapan.benefits.models import Difference
from harapan.core.components import Component
from harapan.core.phrases import Phrase
from harapan.database.phrases import packed, unpacked
from harapan.database.scope import Scope, put_on
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.intake.models import ImportRow, ImportRun, Verdict
from harapan.payments.enums import Outcome
from harapan.payments.models import PaymentException
from harapan.registry.models import Facility, Family
from harapan.ui.exports import CONTENT_TYPES
from tests.benefits.world import BEFORE, HIYUNG, STAGE, TAPIN, World
from tests.intake.conftest import row
from tests.web.signing import person, signed_in
from tests.web.stage_ground import NOMINAL, told

CATALOGUE = Path(harapan.__file__).parent / "locale/en/LC_MESSAGES/django.mo"
NAMES = {
    "Bahasa Indonesia",
    "Bimtap",
    "Bimtek",
    "Desa",
    "Keluarga",
    "S1/D4",
    "TKSK",
}  # of languages, villages, programmes, courses
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PAGES = (
    "home", "families", "groups", "stages", "lists", "imports", "import_new", "verification", "cards", "road", "quotas",
    "visits",
)  # fmt: skip
OF_A_STAGE = (
    "stage", "stage_differences", "stage_exceptions", "stage_money", "undelivered", "minutes",
    "distribution", "distribution_amounts", "distribution_days",
)  # fmt: skip
ROLES = ("facilitator", "regency_coordinator", "data_officer", "regency_office", "auditor")


class _Seen(HTMLParser):
    """What a reader sees or hears of a page, save what the page itself marks as Indonesian: sources of law, papers."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, tag in ("script", "style") or (tag != "html" and ("lang", "id") in attrs)))
        spoken = ("aria-label", "data-label", "placeholder", "title", "alt")
        self.said += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(silent for _tag, silent in self._open):
            self.said.append(" ".join(data.split()))


def _indonesian() -> re.Pattern[str]:
    """Every entry of the catalogue without values that reads differently in English, as words of their own."""
    with CATALOGUE.open("rb") as compiled:
        entries = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    words = {
        msgid for msgid, english in entries.items()
        if isinstance(msgid, str) and len(msgid) > 3 and msgid != english and not re.search(r"[{}%<\x04]", msgid)
    }  # fmt: skip
    known = sorted(words - NAMES, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")


INDONESIAN = _indonesian()


def leftovers(response: Any) -> list[str]:
    seen = _Seen()
    seen.feed(response.content.decode())
    assert seen.said
    said = (re.sub(r"\b(?:Kelompok|Pendamping) \d", "", text) for text in seen.said)  # names of the tests' own people
    return [f"{found[0]}: {text[:90]}" for text in said if (found := INDONESIAN.search(text))]


def english(post: Any) -> Client:
    client = signed_in(post)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def family(world: World) -> Family:
    """A family with much to say: counted and not counted, answered, failed, and differing from the list."""
    school = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    found = world.family(
        (Component.PRIMARY, {"facility": school}), Component.TODDLER, Component.ELDERLY, members=2, name="NORHAYATI"
    )
    other = world.family(Component.SENIOR, name="RAUDAH")
    world.listed({found: NOMINAL, other: NOMINAL}, stage=BEFORE)
    world.listed({found: NOMINAL, other: NOMINAL})
    told(world, (found, Outcome.FAILED), (other, Outcome.CREDITED), (None, Outcome.CREDITED), reason="account_closed")
    compute_beside(stage_named(STAGE))
    return found


def _posts(world: World) -> Iterator[Any]:
    for role in ROLES:
        regions, groups = ((TAPIN,), ())
        if role == "facilitator":
            regions, groups = (6305030000,), (world.groups[HIYUNG].pk,)
        yield person(role, regions=() if role == "auditor" else regions, groups=groups)


def _addresses(family: Family) -> Iterator[str]:
    yield from (reverse(name) for name in PAGES)
    yield from (reverse(name, args=[STAGE]) for name in OF_A_STAGE)
    yield reverse("family", args=[family.pk])
    yield reverse("difference", args=[STAGE, family.pk])
    yield reverse("stage_hold", args=[STAGE, family.pk])
    yield f"{reverse('family', args=[family.pk])}?tahap={BEFORE}"
    yield from (reverse("exception", args=[STAGE, row.pk]) for row in PaymentException.objects.all())
    yield from (reverse("facility", args=[facility.pk]) for facility in Facility.objects.all())
    yield reverse("group", args=[family.group_id])
    yield reverse("distribution_group", args=[STAGE, family.group_id])
    yield reverse("distribution_group_amounts", args=[STAGE, family.group_id])


def test_no_page_leaves_a_word_of_ours_indonesian(world: World, family: Family) -> None:
    assert Difference.objects.filter(family=family).exists()
    addresses, shown = list(_addresses(family)), 0
    for post in _posts(world):
        page = english(post)
        for address in addresses:
            response = page.get(address)
            shown += response.status_code == 200
            assert leftovers(response) == [], f"{post.role_code} {address}"
    assert shown > 60


def test_the_eye_for_leftovers_sees_an_indonesian_page(world: World, family: Family) -> None:
    page = signed_in(person("data_officer", regions=(TAPIN,)))
    assert any("SD sederajat" in found for found in leftovers(page.get(reverse("family", args=[family.pk]))))


def test_a_receipt_is_told_in_english(world: World, family: Family) -> None:
    page = english(person("data_officer", regions=(TAPIN,)))
    text = " ".join(page.get(reverse("family", args=[family.pk])).content.decode().split())
    assert "Primary school" in text
    assert "Failed" in text
    assert "Account closed" in text


def test_a_refusal_is_told_in_english(world: World, family: Family) -> None:
    page = english(person("regency_coordinator", regions=(TAPIN,)))
    told_so = page.post(reverse("stage_move", args=[STAGE]), {"to": "reconcile"})
    assert "Answers not matched yet in stage 2025-2" in " ".join(told_so.content.decode().split())


def test_answers_to_rows_are_kept_so_that_each_reader_hears_them(system: Any) -> None:
    post = person("data_officer", regions=(TAPIN,))
    raw = beneficiaries.render([row(1), row(2, village="DESA ANTAH", village_code="")], form="csv")
    sent = {"layout": "beneficiaries", "stage": STAGE, "uploads": [SimpleUploadedFile("penerima.csv", raw)]}
    page = english(post)
    shown = page.post(reverse("import_new"), sent, follow=True)
    assert "was not found in" in shown.content.decode()
    assert leftovers(shown) == []
    with put_on(Scope.batch(via="test")):
        run = ImportRun.objects.latest("pk")
        refused = ImportRow.objects.get(run=run, verdict=Verdict.REFUSED)
    assert "tidak ditemukan di" in refused.words
    assert "tidak ditemukan di" in signed_in(post).get(reverse("import", args=[run.pk])).content.decode()


def test_a_stored_phrase_reads_back_whole() -> None:
    inner = Phrase("Desa/Kelurahan").lower()
    phrase = Phrase("Kolom {title} kosong; isi dahulu.", title=inner, spare=3)
    again = unpacked(packed(phrase))
    assert again == phrase == "Kolom desa/kelurahan kosong; isi dahulu."
    with translation.override("en"):
        assert again.heard() == phrase.heard() == "Column village is empty; fill it in."
    assert packed(Phrase("Membaca berkas")) == "Membaca berkas"
    written_by_somebody = '{"said":"{x.__class__}","values":{"x":1}}'
    assert unpacked(packed(written_by_somebody)) == written_by_somebody


def test_a_file_for_others_stays_indonesian(world: World, family: Family) -> None:
    page = english(person("data_officer", regions=(TAPIN,)))
    file = page.get(reverse("stage_differences_file", args=[STAGE, "csv"]))
    assert file["Content-Type"] == CONTENT_TYPES["csv"]
    head, *rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert "Kemungkinan sebab" in head
    assert rows
    words = page.get(reverse("family_text", args=[family.pk])).content.decode()
    assert "Program Keluarga Harapan" in words
    paper = PdfReader(io.BytesIO(page.get(reverse("family_sheet", args=[family.pk])).content))
    assert "SD sederajat" in paper.pages[0].extract_text()
    assert "Yang perlu dilakukan" in words
