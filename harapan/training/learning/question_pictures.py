"""Pictures of questions: made light before they are kept, carried on from version to version, read by their digest."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from django.utils.text import slugify
from PIL import Image

from harapan.core.errors import Refused
from harapan.exchange.questions.item import Item, Picture
from harapan.files import pictures, storage
from harapan.training.learning.parts import QUALITY, SIDE_MAX, megabytes
from harapan.training.models import Question, QuestionPicture

KIND = "lesson"  # of the stored file, as pictures of lessons
PICTURES_MAX = 8  # the question's and those of its options
BYTES_MAX = 500_000  # of one question: a quiz is as light as a lesson
NAME_MAX, ALT_MAX = 80, 200


def made_light(item: Item) -> Item:
    """The item with pictures fit to be kept. Raises Unreadable for what is no picture, Refused for too many or heavy.

    One that was made light before stays byte for byte the same, so that a file sent in again brings nothing new.
    """
    if not item.pictures:
        return item
    light = tuple(_light(each, place) for place, each in enumerate(item.pictures, start=1))
    size = sum(len(each.contents) for each in light)
    if len(light) > PICTURES_MAX or size > BYTES_MAX:
        raise Refused(
            "Soal “{name}” memuat {count} gambar, {size}; paling banyak {most} gambar dan {heaviest}. Kecilkan "
            "gambarnya, atau bagi soalnya.",
            name=item.name, count=len(light), size=megabytes(size), most=PICTURES_MAX, heaviest=megabytes(BYTES_MAX),
        )  # fmt: skip
    return replace(item, pictures=light)


def _light(picture: Picture, place: int) -> Picture:
    """A picture that is held already has no contents at hand, and needs none."""
    if not picture.contents:
        return picture
    contents, shown = picture.contents, pictures.read(picture.contents, name=picture.name).shown
    if not _is_light(contents):
        contents = pictures.shrunk(shown, side=SIDE_MAX, quality=QUALITY)
    digest, _size = storage.digest_of(KIND, io.BytesIO(contents))
    stem = slugify(Path(picture.name).stem)[: NAME_MAX - 8].removesuffix(f"-{place}").strip("-_")
    return Picture(f"{stem or 'gambar'}-{place}.jpg", picture.alt[:ALT_MAX], digest, contents)


def _is_light(contents: bytes) -> bool:
    with Image.open(io.BytesIO(contents)) as image:
        return image.format == "JPEG" and max(image.size) <= SIDE_MAX and not image.getexif()


def keep(rows: Sequence[tuple[Question, Item]], *, owner: int) -> None:
    """Store the pictures of questions just written; those without contents are another question's already."""
    wanted = {each.digest for _row, item in rows for each in item.pictures if not each.contents}
    held = {each.digest: each for each in QuestionPicture.objects.filter(digest__in=wanted)} if wanted else {}
    made = []
    for row, item in rows:
        for place, each in enumerate(item.pictures, start=1):
            if each.contents:
                file = storage.store(
                    each.name, kind=KIND, contents=each.contents, owner=owner, media_type="image/jpeg"
                )  # fmt: skip
                facts = {"file_id": file.pk, "digest": file.digest, "size": file.size}
            else:
                known = held[each.digest]
                facts = {"file_id": known.file_id, "digest": known.digest, "size": known.size}
            made.append(QuestionPicture(question=row, place=place, name=each.name, alt=each.alt, **facts))
    QuestionPicture.objects.bulk_create(made)


def with_contents(items: Iterable[Item]) -> list[Item]:
    """The items with their pictures at hand, to be written into a file."""
    return [replace(item, pictures=tuple(map(_opened, item.pictures))) if item.pictures else item for item in items]


def _opened(picture: Picture) -> Picture:
    with storage.open_laid_down(picture.digest) as clear:
        return replace(picture, contents=clear.read())
