"""Where invented families live, and drawn photographs of their houses: no real place, no real house."""

from __future__ import annotations

import io
from datetime import date, time
from random import Random

from PIL import ExifTags, Image, ImageDraw

Position = tuple[float, float]
SPREAD_DEGREES = 0.006  # some six hundred metres around the middle of a village
SKIES = ("#bcd8e8", "#d8e4e8", "#e8dcc0")
WALLS = ("#b98e62", "#8c6a48", "#d6cfc2", "#a7b58f")
ROOFS = ("#7b3f2c", "#6d6d72", "#8a5a33")


def middle_of(village: int) -> Position:
    """A made-up middle of a village: the same each time, somewhere in South Kalimantan."""
    chance = Random(f"village {village}")
    return chance.uniform(-3.6, -2.2), chance.uniform(114.6, 115.9)


def near(chance: Random, village: int) -> Position:
    latitude, longitude = middle_of(village)
    return (
        round(latitude + chance.gauss(0, SPREAD_DEGREES), 6),
        round(longitude + chance.gauss(0, SPREAD_DEGREES), 6),
    )


def photograph(chance: Random, on: date, at: time, position: Position) -> bytes:
    """A JPEG of a drawn house, with the day, hour and place that a phone would write into it."""
    image = Image.new("RGB", (640, 420), chance.choice(SKIES))
    draw = ImageDraw.Draw(image)
    ground, left, width = 300 + chance.randint(-20, 20), 120 + chance.randint(-40, 60), 260 + chance.randint(0, 120)
    draw.rectangle((0, ground, 640, 420), fill="#8fa36a")
    draw.rectangle((left, ground - 130, left + width, ground), fill=chance.choice(WALLS))
    roof = [(left - 25, ground - 130), (left + width // 2, ground - 220), (left + width + 25, ground - 130)]
    draw.polygon(roof, fill=chance.choice(ROOFS))
    draw.rectangle((left + 40, ground - 85, left + 90, ground), fill="#4a3526")
    draw.rectangle((left + 130, ground - 95, left + 190, ground - 50), fill="#eef3f5", outline="#4a3526")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=_claims(on, at, position))
    return out.getvalue()


def _claims(on: date, at: time, position: Position) -> Image.Exif:
    exif = Image.Exif()
    taken = f"{on:%Y:%m:%d} {at:%H:%M:%S}"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude, longitude = position
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "S", _parts(-latitude)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", _parts(longitude)
    return exif


def _parts(degrees: float) -> tuple[int, int, float]:
    whole, rest = divmod(degrees, 1)
    minutes, seconds = divmod(rest * 60, 1)
    return int(whole), int(minutes), round(seconds * 60, 2)
