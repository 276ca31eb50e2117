"""Photographs: opened to prove that they are some, read for place and time, shown without either."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from PIL import ExifTags, Image, UnidentifiedImageError

from harapan.core.errors import Unreadable

FORMATS = ("JPEG", "PNG", "WEBP")
BYTES_MAX = 15 * 1024 * 1024
PIXELS_MAX = 60_000_000  # beyond it somebody wants to fill our memory
SHOWN_SIDE_MAX = 1600
LOOKS_SIDE, LOOKS_CONTRAST_MIN = 8, 8  # of 255
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a photograph says of itself, and the copy to show (JPEG bytes without any of it).

    `looks`: `looks_of` the picture.
    """

    shown: bytes
    taken_on: date | None
    taken_time: time | None
    latitude: float | None
    longitude: float | None
    looks: int | None = None


def read(raw: bytes, *, name: str) -> Taken:
    """Open a photograph whole. Raises Unreadable for what is none, is cut off, or is too large."""
    if len(raw) > BYTES_MAX:
        raise Unreadable("Foto {name} lebih besar dari 15 MB. Kecilkan dahulu, atau kirim lewat HP.", name=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are measured below by our own bar, faults of EXIF are no fault
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise Image.DecompressionBombError
                claims = _claims(image)
                upright = image.convert("RGB")
    except Image.DecompressionBombError as error:
        raise Unreadable("Foto {name} terlalu besar untuk dibuka. Kecilkan dahulu.", name=name) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable(
            "{name} bukan foto yang dapat dibuka. Kirim JPG, PNG, atau WEBP yang utuh.", name=name
        ) from error
    if isinstance(claims.orientation, int) and (turn := TURNS.get(claims.orientation)):
        upright = upright.transpose(turn)
    upright.thumbnail((SHOWN_SIDE_MAX, SHOWN_SIDE_MAX))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, exif=b"", icc_profile=None)
    return Taken(out.getvalue(), *_moment(claims), *_position(claims.gps), looks_of(upright))


def looks_of(picture: Image.Image) -> int | None:
    """How a picture looks, as 64 bits (dHash): each says whether a place is brighter than the one to its left.

    Two pictures that look alike differ in few bits, whatever their size, quality or file. As a signed number, which a
    database keeps. None for one that is all of one colour and so looks like any other.
    """
    small = picture.convert("L").resize((LOOKS_SIDE + 1, LOOKS_SIDE), Image.Resampling.LANCZOS)
    grey, bits = small.tobytes(), 0
    if max(grey) - min(grey) < LOOKS_CONTRAST_MIN:
        return None
    for row in range(LOOKS_SIDE):
        for column in range(LOOKS_SIDE):
            at = row * (LOOKS_SIDE + 1) + column
            bits = bits << 1 | (grey[at + 1] > grey[at])
    return bits - (1 << 64) if bits >> 63 else bits


def shrunk(shown: bytes, *, side: int, quality: int = 75) -> bytes:
    """A stored copy (JPEG) made small enough for paper: at most `side` pixels wide and high."""
    with Image.open(io.BytesIO(shown)) as image:
        image.draft("RGB", (side, side))  # decoded no larger than needed
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


class _Claims(NamedTuple):
    """What the EXIF says, unjudged; empty where it cannot be read."""

    orientation: Any = 1
    head: Mapping[int, Any] = {}
    detail: Mapping[int, Any] = {}
    gps: Mapping[int, Any] = {}


def _claims(image: Image.Image) -> _Claims:
    try:
        exif = image.getexif()
        detail, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        return _Claims(exif.get(ExifTags.Base.Orientation, 1), dict(exif), dict(detail), dict(gps))
    except Exception:  # whatever a maker wrote there, the picture may be whole
        return _Claims()


def _moment(claims: _Claims) -> tuple[date | None, time | None]:
    for tags, tag in ((claims.detail, ExifTags.Base.DateTimeOriginal), (claims.head, ExifTags.Base.DateTime)):
        try:
            at = datetime.strptime(str(tags.get(tag, "")).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 (no zone there)
        except ValueError:
            continue
        return at.date(), at.time()
    return None, None


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    tags = ExifTags.GPS
    latitude = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), "S", 90)
    longitude = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), "W", 180)
    if (
        latitude is None or longitude is None or (latitude, longitude) == (0.0, 0.0)
    ):  # what a camera without a fix writes
        return None, None
    return latitude, longitude


def _degrees(parts: Any, side: Any, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:  # also refuses what is not a number
        return None
    return round(-value if str(side).strip("\0 ").upper() == negative else value, 6)
