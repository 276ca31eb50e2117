"""What is printed or handed out of a batch: order letters, rooms, transport, cards, attendance sheets, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from harapan.accounts.models import Post
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.exchange.training_attendance import codec as attendance_codec
from harapan.exchange.training_invitations import codec as invitations_codec
from harapan.exchange.training_scores import codec as scores_codec
from harapan.regions.models import Region
from harapan.training.concluding import standings
from harapan.training.following import linking
from harapan.training.following.feedback import last_day
from harapan.training.letters import latest_letter
from harapan.training.lodging import beds, origin, rides
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment, TestScore
from harapan.training.papers import invitation, order, roster
from harapan.training.queries import participants_of
from harapan.training.rules import plain
from harapan.ui import exports
from harapan.web.courses.frame import own_batch, session_in_hand
from harapan.web.whose import pdf

CENTRE = "Pusat"
MARKS = {"present": "H", "sick": "S", "excused": "I", "absent": "A"}


@dataclass(frozen=True)
class Table:
    """A list of a batch, as a file or on paper: title, columns with their width on paper, rows."""

    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    note: str = ""


def _printed(request: Request) -> dict[str, Any]:
    return {"printed_by": request.user.name, "printed_at": timezone.localtime()}


def _coming(batch: Batch) -> list[Enrolment]:
    return list(participants_of(batch).coming())


def _places(rows: Sequence[Enrolment]) -> dict[int, str]:
    return Region.objects.path_names({row.region_no for row in rows} | {origin(row) for row in rows})


@may("course.manage", look="batch")
def order_letter(request: Request, batch_id: int, each: str) -> HttpResponse:
    """A list for each region ("wilayah"), or a sheet for each person ("orang")."""
    batch = own_batch(request, batch_id)
    letter = latest_letter(batch)
    if letter is None:
        raise Refused("Surat tugas versi ini belum bernomor. Beri nomor dahulu di halaman angkatan.")
    rows = _coming(batch)
    users = [row.person.user_id for row in rows if row.person.user_id]
    held = {
        post.user_id: str(post.title_on(batch.begins))
        for post in Post.objects.held_on(batch.begins).filter(user__in=users)
    }
    titles = {row.person_id: held.get(row.person.user_id or 0, str(row.person.get_kind_display())) for row in rows}
    make = order.per_person if each == "orang" else order.per_region
    paper = make(letter, batch, rows, places=_places(rows), titles=titles, **_printed(request))
    return pdf(paper, f"surat-tugas-{letter.number}-{each}.pdf")


def _rooms(batch: Batch) -> Table:
    rows = _coming(batch)
    places = _places(rows)
    lines = [
        (bed.room, bed.row.person.name, str(bed.row.person.get_sex_display()), places.get(bed.row.region_no, CENTRE))
        for bed in beds(batch, rows)
    ]
    note = "Jenis kelamin yang belum diketahui mendapat kamar sendiri; lengkapi, lalu cetak lagi."
    columns = (("Kamar", "16mm"), ("Nama", "1fr"), ("Jenis kelamin", "28mm"), ("Wilayah", "62mm"))
    return Table("Daftar kamar", columns, lines, note)


def _transport(batch: Batch) -> Table:
    rows = _coming(batch)
    places = _places(rows)
    ways = dict(Enrolment.Travel.choices)
    lines = [
        (places.get(each.region_no, CENTRE), str(ways[each.travels_by]), each.people, "", "") for each in rides(rows)
    ]
    columns = (("Dari", "1fr"), ("Dengan", "36mm"), ("Orang", "16mm"), ("Kendaraan", "34mm"), ("Tiba", "24mm"))
    return Table("Daftar angkutan", columns, lines)


def _participants(batch: Batch) -> Table:
    rows = list(participants_of(batch))
    places = _places(rows)
    lines = [
        (row.person.staff_number, row.person.name, str(row.person.get_kind_display()),
         places.get(row.region_no, CENTRE), str(row.get_state_display()),
         row.training_class.letter if row.training_class else "", row.code or "", row.why)
        for row in rows
    ]  # fmt: skip
    columns = (("NIP atau nomor SDM", "34mm"), ("Nama", "1fr"), ("Unsur", "22mm"), ("Wilayah", "50mm"),
               ("Keadaan", "22mm"), ("Kelas", "12mm"), ("Kode peserta", "26mm"), ("Sebab", "30mm"))  # fmt: skip
    return Table("Daftar peserta", columns, lines)


def _results(batch: Batch) -> Table:
    rows = list(participants_of(batch).exclude(state__in=(Enrolment.State.DECLINED, Enrolment.State.SUBSTITUTED)))
    reached, places = standings(rows), _places(rows)
    points: dict[tuple[int, str], str] = {
        (enrolment, kind): plain(given)
        for enrolment, kind, given in TestScore.objects.filter(enrolment__in=rows).values_list(
            "enrolment", "kind", "points"
        )
    }
    lines = [
        (row.person.staff_number, row.person.name, places.get(row.region_no, CENTRE), reached[row.pk].hours,
         points.get((row.pk, "pre"), ""), points.get((row.pk, "post"), ""),
         "" if reached[row.pk].practice_said is None else reached[row.pk].practice_said,
         str(row.get_state_display()), str(row.result_why))
        for row in rows
    ]  # fmt: skip
    columns = (("NIP atau nomor SDM", "34mm"), ("Nama", "1fr"), ("Wilayah", "44mm"), ("JP", "10mm"), ("Pre", "11mm"),
               ("Post", "11mm"), ("Praktik (%)", "16mm"), ("Hasil", "20mm"), ("Yang kurang", "40mm"))  # fmt: skip
    return Table("Hasil diklat", columns, lines)


TABLES: dict[str, Callable[[Batch], Table]] = {
    "kamar": _rooms, "angkutan": _transport, "peserta": _participants, "hasil": _results,
}  # fmt: skip
ON_PAPER = ("kamar", "angkutan")


@may("course.manage", look="batch")
def table(request: Request, batch_id: int, name: str, form: str) -> HttpResponseBase:
    """One of the lists as xlsx, csv or, for rooms and transport, PDF."""
    batch = own_batch(request, batch_id)
    if name not in TABLES or form not in ("xlsx", "csv", "pdf") or (form == "pdf" and name not in ON_PAPER):
        raise Refused("Daftar {name}.{form} tidak ada. Pilih dari halaman angkatan.", name=name, form=form)
    made = TABLES[name](batch)
    if form == "pdf":
        paper = roster.render(batch, made.title, made.columns, made.rows, note=made.note, **_printed(request))
        return pdf(paper, f"{name}-{batch.pk}.pdf")
    kinds: dict[str, exports.Kind] = {"Orang": "number", "Kamar": "number", "JP": "number"}
    columns = [exports.Column(title, kinds.get(title, "text"), 24) for title, _width in made.columns]
    return exports.answer(f"{name}-{batch.pk}", columns, made.rows, form=form)  # type: ignore[arg-type]  # one of two


@may("course.manage", look="batch")
def printed_invitations(request: Request, batch_id: int) -> HttpResponse:
    """For those who have not answered and have no account to answer with."""
    batch = own_batch(request, batch_id)
    rows = list(participants_of(batch).filter(state=Enrolment.State.INVITED, person__user__isnull=True))
    if not rows:
        raise Refused("Yang belum menjawab punya akun dan membaca undangannya di sana. Tidak ada yang perlu dicetak.")
    feedback = {row.pk: feedback_address(request, row) for row in rows}
    paper = invitation.render(batch, rows, places=_places(rows), feedback=feedback, **_printed(request))
    return pdf(paper, f"undangan-{batch.pk}.pdf")


def feedback_address(request: Request, row: Enrolment) -> str:
    """Where a participant without an account says what they think of the course."""
    return request.build_absolute_uri(reverse("feedback_linked", args=[linking.token_of(row)]))


@may("course.manage", look="batch")
def feedback_slips(request: Request, batch_id: int) -> HttpResponse:
    """For those without an account who were there and have not answered yet: each the own link to the form."""
    batch = own_batch(request, batch_id)
    rows = list(linking.waiting(batch, on=request.today))
    if not rows:
        raise Refused("Tidak ada peserta tanpa akun yang masih dapat mengisi umpan balik angkatan ini.")
    places, until = _places(rows), format_date(last_day(batch.ends, on=request.today))
    told = [
        {"name": row.person.name, "place": places.get(row.region_no, CENTRE), "code": f"sampai {until}",
         "class": row.training_class.letter if row.training_class else "", "url": feedback_address(request, row)}
        for row in rows
    ]  # fmt: skip
    paper = roster.cards(batch, told, kind="UMPAN BALIK TANPA NAMA", **_printed(request))
    return pdf(paper, f"umpan-balik-{batch.pk}.pdf")


@may("course.manage", look="batch")
def cards(request: Request, batch_id: int) -> HttpResponse:
    batch = own_batch(request, batch_id)
    rows = [row for row in _coming(batch) if row.code]
    if not rows:
        raise Refused("Belum ada peserta, jadi belum ada kartu. Undang peserta dahulu.")
    places = _places(rows)
    told = [
        {"name": row.person.name, "place": places.get(row.region_no, CENTRE), "code": row.code or "",
         "class": row.training_class.letter if row.training_class else "",
         "url": request.build_absolute_uri(reverse("card_scanned", args=[row.code]))}
        for row in rows
    ]  # fmt: skip
    return pdf(roster.cards(batch, told, **_printed(request)), f"kartu-peserta-{batch.pk}.pdf")


@may("course.view", look="batch")
def sheet(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    """The attendance sheet of a session: blank to be signed, or as it was recorded."""
    with session_in_hand(request, batch_id, session_id, strictly=True) as (batch, held):
        return _sheet(request, batch, held)


def _sheet(request: Request, batch: Batch, held: ClassSession) -> HttpResponse:
    rows = Enrolment.objects.coming().filter(training_class=held.training_class_id).select_related("person")
    rows = rows.order_by("person__name", "pk")
    said = dict(ClassAttendance.objects.filter(session=held).values_list("enrolment", "mark"))
    places = _places(list(rows))
    lines = [
        (row.person.name, places.get(row.region_no, CENTRE), MARKS.get(said.get(row.pk, ""), ""), "") for row in rows
    ]
    columns = (("Nama", "1fr"), ("Wilayah", "60mm"), ("Tanda", "14mm"), ("Tanda tangan", "40mm"))
    facts = (("Kelas", held.training_class.letter), ("Mata diklat", f"{held.topic.title} ({held.hours} JP)"),
             ("Pelatih", held.trainer.name),
             ("Sesi", f"{format_date(held.day)} {held.begins:%H.%M}–{held.ends:%H.%M}"))  # fmt: skip
    paper = roster.render(
        batch, "Daftar hadir", columns, lines, facts=facts, note="H hadir, S sakit, I izin, A alpa.",
        signers=(f"Pelatih, {held.trainer.name}", "Ketua kelas"), **_printed(request),
    )  # fmt: skip
    return pdf(paper, f"daftar-hadir-{held.pk}.pdf")


@may("course.view", look="batch")
def session_blank(request: Request, batch_id: int, session_id: int) -> HttpResponse:
    """The file that a session's attendance is sent in as, with its class."""
    with session_in_hand(request, batch_id, session_id, strictly=True) as (_batch, held):
        rows = Enrolment.objects.coming().filter(training_class=held.training_class_id).select_related("person")
        lines = _lines(rows.order_by("person__name", "pk"))
    return _file(attendance_codec.render(lines), f"hadir-{held.pk}.xlsx")


def _lines(rows: Iterable[Enrolment]) -> list[dict[str, str | None]]:
    return [
        {"staff_number": row.person.staff_number or None, "code": row.code or "", "name": row.person.name}
        for row in rows
    ]


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=exports.CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@may("course.manage", look="batch")
def blank(request: Request, batch_id: int, name: str) -> HttpResponse:
    """The file that a list is sent in as, with this batch's participants where it has any."""
    batch = own_batch(request, batch_id)
    if name == "undangan":
        content = invitations_codec.render([])
    elif name == "nilai":
        content = scores_codec.render(_lines(_coming(batch)))
    else:
        raise Refused("Contoh daftar itu tidak ada. Pilih dari halaman angkatan.")
    return _file(content, f"{name}-{batch.pk}.xlsx")
