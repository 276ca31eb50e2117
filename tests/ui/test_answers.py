"""What a reader gets when something cannot be shown, and the headers of every page."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


def test_every_page_is_kept_to_itself(reader: Client) -> None:
    headers = reader.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_not_yours_and_not_there_are_one_answer(reader: Client) -> None:
    def anonymous(path: str) -> tuple[int, str]:
        answer = reader.get(path)
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode())

    forbidden, absent = anonymous("/terlarang/"), anonymous("/tiada/")
    assert forbidden == absent
    assert forbidden[0] == 404
    assert "tidak ada di wilayah Anda" in forbidden[1]


def test_a_refusal_says_its_sentence(reader: Client) -> None:
    answer = reader.get("/ditolak/")
    assert answer.status_code == 422
    assert "Tahap 2025-2 sudah ditutup; buka tahap susulan" in answer.content.decode()


def test_a_refusal_to_htmx_is_a_note_that_keeps_what_was_typed(reader: Client) -> None:
    answer = reader.get("/ditolak/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#penolakan"
    assert "<html" not in answer.content.decode()
    assert "Tahap 2025-2 sudah ditutup" in answer.content.decode()


def test_a_failure_gives_a_code_that_stands_in_the_log(reader: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = reader.get("/rusak/")
    code = re.search(r"HRP-\w{4}-\w{2}", answer.content.decode())
    assert answer.status_code == 500
    assert code is not None
    assert code[0] in caplog.text
    assert "RuntimeError" not in answer.content.decode()


def test_a_done_deed_is_noted_on_the_page(reader: Client) -> None:
    assert "9 usulan disetujui." in reader.get("/selesai/").content.decode()


def test_indonesian_whatever_the_browser_asks_for(reader: Client) -> None:
    page = reader.get("/", headers={"accept-language": "en-US,en"})
    assert page.headers["Content-Language"] == "id"
    assert '<html lang="id"' in page.content.decode()


def test_english_once_chosen(reader: Client) -> None:
    reader.post("/bahasa/", {"language": "en", "next": "/"})
    page = reader.get("/").content.decode()
    assert '<html lang="en"' in page
    assert "Opening this page is kept in the access log" in page


def test_the_theme_is_painted_by_the_server(reader: Client) -> None:
    reader.cookies["tema"] = "gelap"
    assert 'data-theme="dark"' in reader.get("/").content.decode()
    reader.cookies["tema"] = '"><script>'
    assert "data-theme" not in reader.get("/").content.decode().split(">")[1]


def test_a_page_without_a_reader_still_renders(reader: Client, alone: Any) -> None:
    options = dict(alone.TEMPLATES[0]["OPTIONS"])
    options["context_processors"] = options["context_processors"][:-1]
    alone.TEMPLATES = [alone.TEMPLATES[0] | {"OPTIONS": options}]
    assert reader.get("/").status_code == 200
