"""How a picture looks, in 64 bits: near for the same scene however it was sent, far for another."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw, ImageEnhance

from harapan.files.pictures import looks_of, read


def scene(seed: int) -> Image.Image:
    """Boxes of light and shade, as different as two rooms."""
    chance, picture = Random(seed), Image.new("RGB", (640, 480), (120, 110, 100))
    draw = ImageDraw.Draw(picture)
    for _ in range(25):
        x, y = chance.randrange(640), chance.randrange(480)
        draw.rectangle((x, y, x + chance.randrange(40, 260), y + chance.randrange(40, 200)),
                       fill=tuple(chance.randrange(256) for _ in range(3)))  # fmt: skip
    return picture


def bits(one: int | None, other: int | None) -> int:
    assert one is not None
    assert other is not None
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def test_the_same_scene_sent_smaller_or_brighter_looks_the_same() -> None:
    picture = scene(1)
    out = io.BytesIO()
    ImageEnhance.Brightness(picture.resize((240, 180))).enhance(1.15).save(out, "JPEG", quality=40)
    assert bits(looks_of(picture), looks_of(Image.open(out))) <= 4


def test_other_scenes_look_different() -> None:
    looks = [looks_of(scene(seed)) for seed in range(12)]
    assert min(bits(one, other) for n, one in enumerate(looks) for other in looks[:n]) > 6


def test_one_colour_looks_like_nothing() -> None:
    assert looks_of(Image.new("RGB", (80, 60), (90, 60, 60))) is None


def test_it_is_a_number_a_database_keeps_and_read_gives_it() -> None:
    found = {looks_of(scene(seed)) for seed in range(12)}
    assert all(each is not None and -(2**63) <= each < 2**63 for each in found)
    assert any(each is not None and each < 0 for each in found)
    out = io.BytesIO()
    scene(3).save(out, "PNG")
    assert read(out.getvalue(), name="a.png").looks == looks_of(scene(3))
