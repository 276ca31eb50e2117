"""The question bank of a course: added, changed by a next version, taken out, brought in from files and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import HarapanError, Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.exchange.questions import gift, gift_writing, moodle, moodle_writing
from harapan.exchange.questions.item import Found, Item, Remark, fault_of
from harapan.training.learning.items import body_of, item_of
from harapan.training.learning.question_pictures import keep, made_light, with_contents
from harapan.training.models import Course, Question


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: how it is called, read and written."""

    title: str
    suffix: str
    parse: Callable[[bytes], Found]
    render: Callable[[Iterable[Item]], bytes]


FORMS = {
    "moodle": Form("Moodle XML", "xml", moodle.parse, moodle_writing.render),
    "gift": Form("GIFT", "gift.txt", gift.parse, gift_writing.render),
}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought into a bank: how many questions, and what was not taken over, in the order of its lines."""

    added: int
    remarks: list[Remark]

    @property
    def left_out(self) -> int:
        return sum(remark.refused for remark in self.remarks)


def questions_of(course_id: int, topic: str = "") -> QuerySet[Question]:
    """Those in force, by number."""
    found = Question.objects.filter(course=course_id, current=True)
    return (found.filter(topic=topic) if topic else found).order_by("number").prefetch_related("pictures")


def topics_of(course_id: int) -> list[str]:
    found = Question.objects.filter(course=course_id, current=True).exclude(topic="")
    return sorted(set(found.values_list("topic", flat=True)))


def add_question(course_id: int, item: Item, *, by: User) -> Question:
    """Raises Refused where it cannot be asked like this."""
    _refuse_faulty(item)
    item = made_light(item)
    with atomic():
        return _insert(_locked(course_id), [item], by)[0]


def change_question(question_id: int, item: Item, *, by: User) -> Question:
    """The next version of a question. Attempts keep the version they had. Unchanged, the standing one is given back."""
    _refuse_faulty(item)
    item = made_light(item)
    with atomic():
        named = Question.objects.get(pk=question_id)
        _locked(named.course_id)
        standing = Question.objects.filter(course=named.course_id, number=named.number, current=True).first()
        if standing is None or standing.pk != question_id:
            raise Refused("Soal ini sudah diubah atau dikeluarkan orang lain. Muat ulang bank soal, lalu ubah di sana.")
        if item_of(standing) == item:
            return standing
        standing.current = False
        standing.save(update_fields=["current"])
        made = _row(item, course_id=named.course_id, number=named.number, version=standing.version + 1, by=by)
        made.save()
        keep([(made, item)], owner=by.pk)
    return made


def take_out(question_id: int) -> None:
    """No attempt draws it any more; those that had it keep it. Taken out twice is once."""
    with atomic():
        Question.objects.filter(pk=question_id, current=True).update(current=False)


def bring_in(course_id: int, raw: bytes, *, form: str, by: User) -> Brought:
    """Every question of a file that can be asked, each once: those that stand in the bank already are named.

    Raises Unreadable for a file that is not of the form at all.
    """
    found = FORMS[form].parse(raw)
    with atomic():
        course = _locked(course_id)
        known = {_same(item_of(each)) for each in questions_of(course.pk)}
        fresh: list[Item] = []
        for line, read in found.items:
            try:
                item = made_light(read)
            except HarapanError as refusal:
                found.remark(line, refusal.phrase)
                continue
            if _same(item) in known:
                found.remark(line, Phrase("Soal “{name}” sudah ada di bank soal.", name=item.name))
                continue
            known.add(_same(item))
            fresh.append(item)
        _insert(course, fresh, by)
        log.record(
            "questions.imported", kind="course", subject=course.pk,
            body={"form": form, "added": len(fresh), "remarks": len(found.remarks)},
        )  # fmt: skip
    return Brought(len(fresh), sorted(found.remarks, key=lambda each: each.line))


def bring_out(course_id: int, *, form: str, topic: str = "") -> bytes:
    """The questions in force, by topic and number, as such a file."""
    found = sorted(questions_of(course_id, topic), key=lambda each: (each.topic, each.number))
    return FORMS[form].render(with_contents(item_of(each) for each in found))


def _locked(course_id: int) -> Course:
    return Course.objects.select_for_update().get(pk=course_id)


def _refuse_faulty(item: Item) -> None:
    if (fault := fault_of(item)) is not None:
        raise Refused(fault)


def _same(item: Item) -> tuple[object, ...]:
    """What makes two questions one: everything but name and comments."""
    shown = tuple(each.digest for each in item.pictures)
    return (item.kind, item.text, item.choices, item.pairs, item.steps, item.values, shown)


def _insert(course: Course, items: Iterable[Item], by: User) -> list[Question]:
    last = Question.objects.filter(course=course).aggregate(Max("number"))["number__max"] or 0
    items = list(items)
    rows = [_row(item, course_id=course.pk, number=number, by=by) for number, item in enumerate(items, start=last + 1)]
    made = Question.objects.bulk_create(rows)
    keep(list(zip(made, items, strict=True)), owner=by.pk)
    return made


def _row(item: Item, *, course_id: int, number: int, by: User, version: int = 1) -> Question:
    return Question(
        course_id=course_id, number=number, version=version, kind=item.kind, topic=item.topic, name=item.name,
        text=item.text, body=body_of(item), made_by=by,
    )  # fmt: skip
