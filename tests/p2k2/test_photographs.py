"""A photograph is opened to prove that it is one; what is shown carries neither place nor time nor maker."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from harapan.core.errors import Refused, Unreadable
from harapan.database import places
from harapan.files import pictures, storage
from harapan.files.looking import look_at_stored
from harapan.files.models import StoredFile
from harapan.files.pictures import read
from harapan.p2k2 import photographs
from harapan.p2k2.models import Photograph
from harapan.p2k2.photographs import add_photograph, remove_photograph
from tests.benefits.world import World
from tests.files.test_looks import scene
from tests.p2k2.conftest import TODAY, Record


def picture(*, kind: str = "JPEG", size: tuple[int, int] = (80, 40), gps: Any = (3, 3, 12), colour: int = 90) -> bytes:
    """A photograph as a phone makes one, with place (south and east), time, maker and orientation."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "HP Uji"
    exif[ExifTags.Base.Orientation] = 6  # turned by a quarter
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2025:05:19 14:12:33"
    if gps:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "S", gps
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (115, 9, 36)
    out = io.BytesIO()
    Image.new("RGB", size, (colour, 60, 60)).save(out, kind, exif=exif)
    return out.getvalue()


def test_place_and_time_are_read_and_the_shown_copy_has_none() -> None:
    taken = read(picture(), name="a.jpg")
    assert (taken.taken_on, taken.taken_time) == (date(2025, 5, 19), time(14, 12, 33))
    assert (taken.latitude, taken.longitude) == (-3.053333, 115.16)
    with Image.open(io.BytesIO(taken.shown)) as shown:
        assert dict(shown.getexif()) == {}
        assert shown.size == (40, 80)  # upright
    assert b"HP Uji" not in taken.shown
    assert b"Exif" not in taken.shown


def test_a_large_photograph_is_shown_smaller() -> None:
    with Image.open(io.BytesIO(read(picture(size=(4000, 3000)), name="a.jpg").shown)) as shown:
        assert max(shown.size) == pictures.SHOWN_SIDE_MAX


@pytest.mark.parametrize("gps", [None, (200, 0, 0)])
def test_a_place_that_cannot_be_is_left_out(gps: Any) -> None:
    taken = read(picture(gps=gps), name="a.jpg")
    assert (taken.latitude, taken.longitude) == (None, None)
    assert taken.taken_on == date(2025, 5, 19)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_of_phones_are_taken(kind: str) -> None:
    assert read(picture(kind=kind), name="a").shown.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "raw",
    [b"", b"%PDF-1.7 bukan foto", b"\xff\xd8\xff" + b"x" * 200, b"<svg></svg>", picture()[:400]],
    ids=["empty", "pdf", "only a head", "svg", "cut off"],
)
def test_what_is_no_photograph_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(Unreadable, match=r"surat\.jpg bukan foto yang dapat dibuka"):
        read(raw, name="surat.jpg")


def test_what_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="lebih besar dari 15 MB"):
        read(b"x" * (pictures.BYTES_MAX + 1), name="a.jpg")
    monkeypatch.setattr(pictures, "PIXELS_MAX", 100)
    with pytest.raises(Unreadable, match="terlalu besar"):
        read(picture(), name="a.jpg")


def test_a_photograph_is_kept_as_it_came_and_to_be_shown(world: World, record: Record) -> None:
    session = record()
    raw = picture()
    kept = add_photograph(session.pk, raw, name="a.jpg", by=world.user, on=TODAY)
    assert storage.read(kept.original) == raw
    assert storage.read(kept.shown) != raw
    assert (kept.original.group_no, kept.original.region_no) == (session.group_id, session.region_no)
    assert add_photograph(session.pk, raw, name="b.jpg", by=world.user, on=TODAY) == kept
    assert StoredFile.objects.count() == 2


def test_photographs_stored_before_are_looked_at_afterwards(world: World, record: Record) -> None:
    """Some at a time; one that does not open any more, or is all of one colour, is not tried again."""
    session, kept = record(), []
    for seed in range(4):
        out = io.BytesIO()
        (scene(seed) if seed else Image.new("RGB", (80, 60), (90, 60, 60))).save(out, "JPEG")
        kept.append(add_photograph(session.pk, out.getvalue(), name=f"{seed}.jpg", by=world.user, on=TODAY))
    known = list(Photograph.objects.order_by("pk").values_list("looks", flat=True))
    assert known[0] is None
    assert None not in known[1:]
    Photograph.objects.update(looks=None, looks_known=False)
    digest = kept[3].shown.digest
    (places.folder("files") / digest[:2] / digest).unlink()
    rows = Photograph.objects.all()
    assert [look_at_stored(rows, most=3), look_at_stored(rows, most=3), look_at_stored(rows, most=3)] == [3, 1, 0]
    assert list(Photograph.objects.order_by("pk").values_list("looks", flat=True)) == [*known[:3], None]


def test_a_meeting_keeps_so_many(world: World, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "PHOTOGRAPHS_MAX", 1)
    session = record()
    add_photograph(session.pk, picture(), name="a.jpg", by=world.user, on=TODAY)
    with pytest.raises(Refused, match="paling banyak 1 foto"):
        add_photograph(session.pk, picture(colour=200), name="b.jpg", by=world.user, on=TODAY)


def test_one_taken_away_is_in_no_list_and_comes_back_when_it_is_brought_again(world: World, record: Record) -> None:
    session = record()
    kept = add_photograph(session.pk, picture(), name="a.jpg", by=world.user, on=TODAY)
    with pytest.raises(Refused, match="Tulis alasan"):
        remove_photograph(kept.pk, session=session, why="uji", by=world.user, on=TODAY)
    for _twice in range(2):
        remove_photograph(kept.pk, session=session, why="foto kelompok lain", by=world.user, on=TODAY)
    assert not Photograph.objects.shown().exists()
    assert Photograph.objects.get().removed_because == "foto kelompok lain"
    assert add_photograph(session.pk, picture(), name="a.jpg", by=world.user, on=TODAY) == kept
    assert Photograph.objects.shown().get() == kept


@given(st.data(), st.sampled_from(["JPEG", "PNG", "WEBP"]))
@settings(max_examples=150, deadline=None)
def test_whatever_the_wire_did_to_it_is_a_photograph_or_refused_in_words(data: st.DataObject, kind: str) -> None:
    raw = bytearray(picture(kind=kind))
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=6)):
        raw[place] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        taken = read(bytes(raw), name="a.jpg")
        assert taken.shown.startswith(b"\xff\xd8")
        assert taken.latitude is None or -90 <= taken.latitude <= 90
