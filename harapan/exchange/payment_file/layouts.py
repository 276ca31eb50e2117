"""The layouts of payment files, read from `data/layouts/*.yaml`: dated data, checked before it is used.

One file is one layout, named after it; it lists its versions as a policy file lists values. `docs/payment-files.md`
explains the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from harapan.core import yaml_text
from harapan.core.errors import Misuse, Unreadable
from harapan.core.periods import StageName
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file import fields
from harapan.exchange.payment_file.fields import Write

FOLDER = Path(__file__).resolve().parents[3] / "data" / "layouts"
FORMS = ("delimited", "fixed", "workbook")
CHARSETS = ("ascii", "utf-8", "utf-8-sig")
DELIMITERS = ("|", ";", "\t", ",")
HASH_DIGITS_MAX = 10  # ten million rows of ten digits stay below a bigint
_VERSION = {
    "from", "source", "confidence", "made_by", "title", "form", "charset", "hash_total", "head", "detail", "trailer",
}  # fmt: skip
_OPTIONAL = {"note", "delimiter", "titles_tag", "purpose", "carries_nik"}


class BadLayout(Unreadable):
    """A layout's file breaks a rule of its form; none of it is used."""

    def __init__(self, place: str, problem: str, way_out: str) -> None:
        super().__init__(Phrase("{place}: {problem}. {way_out}.", place=place, problem=problem, way_out=way_out))


@dataclass(frozen=True, slots=True)
class Field:
    """`width` is exact in files of fixed width, elsewhere the most signs it may have. `cut`: longer texts are cut."""

    name: str
    write: Write
    width: int
    title: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of line. Its tag stands in front, except in a workbook."""

    tag: str
    fields: tuple[Field, ...]

    @property
    def width(self) -> int:
        return len(self.tag) + sum(field.width for field in self.fields)


@dataclass(frozen=True, slots=True)
class Layout:
    """One version of a layout. `hash_over` names the column whose last `hash_digits` digits make the hash total."""

    name: str
    since: date
    source: str
    confidence: str
    made_by: str
    title: str
    form: str
    charset: str
    delimiter: str
    titles_tag: str
    purpose: str
    carries_nik: bool
    hash_over: str
    hash_digits: int
    head: Record
    detail: Record
    trailer: Record

    @property
    def carried(self) -> tuple[str, ...]:
        """The columns of an order that this layout carries."""
        here = {field.name for field in self.detail.fields}
        return tuple(name for name in fields.ORDER_COLUMNS if name in here)

    @property
    def extension(self) -> str:
        return {"delimited": "csv", "fixed": "txt", "workbook": "xlsx"}[self.form]

    def purpose_of(self, stage: str) -> str:
        """What the family reads on its statement."""
        name = StageName.parse(stage)
        return self.purpose.format(number=name.number, year=name.year, stage=stage)


def layout(name: str, *, on: date, folder: Path = FOLDER) -> Layout:
    """The version in force on the day. `Misuse` names the layouts there are."""
    versions = read_folder(folder).get(name)
    if versions is None:
        raise Misuse(
            "Susunan berkas “{name}” tidak dikenal; pilih salah satu: {folder}.",
            name=name,
            folder=", ".join(read_folder(folder)),
        )
    for version in reversed(versions):
        if version.since <= on:
            return version
    raise Misuse(
        "Susunan berkas “{name}” baru berlaku sejak {since}, bukan pada {on}; pilih yang lain.",
        name=name,
        since=versions[0].since,
        on=on,
    )


@cache
def read_folder(folder: Path = FOLDER) -> Mapping[str, tuple[Layout, ...]]:
    """Every layout of the folder with its versions, oldest first. Raises BadLayout."""
    return {file.stem: read_file(file) for file in sorted(folder.glob("*.yaml"))}


def read_file(file: Path) -> tuple[Layout, ...]:
    """The versions in one file, oldest first. Raises BadLayout."""
    try:
        written = yaml_text.read(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as fault:
        reason = " ".join(str(fault).split())
        raise BadLayout(file.name, f"berkas tidak dapat dibaca ({reason})", "Perbaiki penulisan YAML-nya") from fault
    if not isinstance(written, list) or not written:
        raise BadLayout(file.name, "isinya bukan daftar versi bertanggal", "Ikuti bentuk di docs/payment-files.md")
    versions = sorted((_version(version, file) for version in written), key=lambda version: version.since)
    if len({version.since for version in versions}) < len(versions):
        raise BadLayout(file.name, "dua versi mulai pada hari yang sama", "Beri tiap versi tanggal mulai sendiri")
    return tuple(versions)


def _version(written: Any, file: Path) -> Layout:
    place = file.name
    if not isinstance(written, Mapping) or not set(written) >= _VERSION or not set(written) <= _VERSION | _OPTIONAL:
        missing = ", ".join(sorted(_VERSION - set(written if isinstance(written, Mapping) else ())))
        raise BadLayout(place, f"satu versi kurang isian ({missing}) atau memuat isian lain", "Lengkapi isiannya")
    _one_of(place, "form", written["form"], FORMS)
    _one_of(place, "charset", written["charset"], CHARSETS)
    _one_of(place, "confidence", written["confidence"], ("H", "M", "L"))
    if written["form"] == "delimited":
        _one_of(place, "delimiter", written.get("delimiter"), DELIMITERS)
    if type(written["from"]) is not date:
        raise BadLayout(place, f"tanggal from {written['from']!r} tidak dikenal", "Tulis seperti 2025-01-31")
    total = written["hash_total"]
    if not isinstance(total, Mapping) or set(total) != {"over", "digits"}:
        raise BadLayout(place, "hash_total tidak berbentuk over dan digits", "Ikuti bentuk di docs/payment-files.md")
    made = Layout(
        name=file.stem, since=written["from"], hash_over=total["over"], hash_digits=total["digits"],
        delimiter=written.get("delimiter", ""), titles_tag=written.get("titles_tag", ""),
        purpose=written.get("purpose", ""), carries_nik=written.get("carries_nik", False),
        head=_record(place, "head", written["head"], fields.HEAD),
        detail=_record(place, "detail", written["detail"], fields.DETAIL),
        trailer=_record(place, "trailer", written["trailer"], fields.TRAILER),
        **{key: written[key] for key in ("source", "confidence", "made_by", "title", "form", "charset")},
    )  # fmt: skip
    _check(place, made)
    return made


def _record(place: str, name: str, written: Any, known: Mapping[str, Write]) -> Record:
    if not isinstance(written, Mapping) or set(written) != {"tag", "fields"} or not isinstance(written["fields"], list):
        raise BadLayout(place, f"bagian {name} tidak berbentuk tag dan fields", "Ikuti bentuk di docs/payment-files.md")
    listed = []
    for each in written["fields"]:
        if (
            not isinstance(each, Mapping)
            or not set(each) <= {"field", "width", "title", "cut"}
            or each.get("field") not in known
        ):
            raise BadLayout(place, f"bagian {name} memuat isian {each!r} yang tidak dikenal", "Periksa ejaannya")
        if type(each.get("width")) is not int or each["width"] < 1:
            raise BadLayout(place, f"lebar {each['field']} di {name} bukan bilangan 1 atau lebih", "Isi width")
        field = Field(each["field"], known[each["field"]], each["width"], each.get("title", ""), each.get("cut", False))
        listed.append(field)
    if len({field.name for field in listed}) < len(listed):
        raise BadLayout(place, f"bagian {name} memuat satu isian dua kali", "Hapus salah satunya")
    return Record(str(written["tag"]), tuple(listed))


def _check(place: str, made: Layout) -> None:
    """What no single entry shows."""
    head, detail, trailer = ({f.name for f in record.fields} for record in (made.head, made.detail, made.trailer))
    needed = {"row", "reference", "name", "amount_idr", made.hash_over}
    missing = (set(fields.HEAD) - head) | (set(fields.TRAILER) - trailer) | (needed - detail)
    if missing:
        raise BadLayout(place, f"susunan tidak memuat {', '.join(sorted(missing))}", "Tambahkan isian itu")
    if made.hash_over not in fields.ORDER_COLUMNS or not 1 <= made.hash_digits <= HASH_DIGITS_MAX:
        raise BadLayout(place, "hash_total tidak dapat dijumlahkan", f"Pilih kolom dan 1-{HASH_DIGITS_MAX} angka")
    if ("nik" in detail) != made.carries_nik:
        raise BadLayout(place, "NIK dibawa tanpa carries_nik: true, atau sebaliknya", "Hapus NIK bila tidak diwajibkan")
    if ("purpose" in detail) != bool(made.purpose):
        raise BadLayout(place, "purpose diisi tanpa kolomnya, atau sebaliknya", "Isi keduanya atau hapus keduanya")
    if len({made.head.tag, made.detail.tag, made.trailer.tag, made.titles_tag}) < 4:
        raise BadLayout(place, "dua jenis baris bertanda sama", "Beri tiap jenis baris tag sendiri")
    _check_purpose(place, made)
    titled = made.form == "workbook" or made.titles_tag
    if titled and not all(field.title for record in (made.head, made.detail, made.trailer) for field in record.fields):
        raise BadLayout(place, "ada isian tanpa title, padahal judulnya ditulis", "Isi title pada setiap isian")
    if cut := [f.name for f in made.detail.fields if f.cut and f.name not in {"name", "village", "address"}]:
        raise BadLayout(place, f"{cut[0]} tidak boleh dipotong", "Hapus cut; hanya nama dan alamat boleh dipotong")


def _check_purpose(place: str, made: Layout) -> None:
    """The text fits its field for the longest name a stage may have."""
    widths = {field.name: field.width for field in (*made.head.fields, *made.detail.fields)}
    try:
        longest = made.purpose_of(f"2099-99-{'x' * max(widths['stage'] - 8, 1)}")
    except (KeyError, IndexError, ValueError, AttributeError):
        raise BadLayout(
            place, f"purpose “{made.purpose}” tidak dapat diisi", "Pakai {number}, {year}, {stage}"
        ) from None
    fits = len(longest) <= widths.get("purpose", 0) and longest.isprintable() and longest == longest.strip()
    if made.purpose and not (fits and (made.charset != "ascii" or longest.isascii())):
        raise BadLayout(place, f"purpose “{longest}” tidak muat", "Pendekkan teksnya atau lebarkan kolomnya")


def _one_of(place: str, key: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadLayout(place, f"{key} tertulis {value!r}", f"Pilih salah satu: {', '.join(map(repr, known))}")
