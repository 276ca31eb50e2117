"""Facts changed with a memory: what was there before, so that a counter-entry can restore it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.database.fields import Sealed
from harapan.database.scope import atomic
from harapan.registry.changes.errors import NotDecidable
from harapan.registry.models import FamilyChild

Step = dict[str, Any]  # {"deed": "set" | "add" | "drop", "model", "pk", "before"?, "after"?}


class Recorder:
    """Writes facts of the registry and remembers each step. The caller holds the lock on the family."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def change(self, row: models.Model, **values: Any) -> None:
        before = {name: plain(getattr(row, name)) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        self._note("set", row, before=before, after={name: plain(getattr(row, name)) for name in values})

    def add(self, model: type[FamilyChild], **values: Any) -> Any:
        made = model(**values)
        made.save()
        self._note("add", made)
        return made

    def end(self, row: Any, day: date) -> None:
        """End a spell on the day (its first day without it); what would be empty is dropped."""
        if row.spell.lower is not None and row.spell.lower >= day:
            self._note(
                "drop", row, before={field.attname: plain(getattr(row, field.attname)) for field in _fields(row)}
            )
            row.delete()
        else:
            self.change(row, spell=DateRange(row.spell.lower, day))

    def _note(self, deed: str, row: models.Model, **more: Any) -> None:
        self.steps.append({"deed": deed, "model": row._meta.label_lower, "pk": row.pk, **more})

    def dumped(self) -> str:
        return json.dumps(self.steps)


def _fields(row: models.Model) -> list[models.Field[Any, Any]]:
    return list(row._meta.concrete_fields)


def plain(value: Any) -> Any:
    """A value as JSON holds it; numbers of a person in full, for the memory itself is sealed."""
    if isinstance(value, Sealed):
        return value.open()
    if isinstance(value, DateRange):
        return {"from": plain(value.lower), "until": plain(value.upper)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    return value


def _rich(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"from", "until"}:
        return DateRange(*(date.fromisoformat(end) if end else None for end in (value["from"], value["until"])))
    return field.to_python(value) if isinstance(value, str) and isinstance(field, models.DateField) else value


def restore(steps: list[Step]) -> None:
    """Take the steps back, the last first. Raises NotDecidable where somebody has built on them since."""
    for step in reversed(steps):
        model = apps.get_model(step["model"])
        if step["deed"] == "drop":
            model(**{name: _rich(_field(model, name), value) for name, value in step["before"].items()}).save(
                force_insert=True
            )
            continue
        row = model.objects.filter(pk=step["pk"]).first()
        if row is None:
            raise _built_on()
        if step["deed"] == "add":
            _remove(row, steps)
        else:
            _set_back(row, step)


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _set_back(row: models.Model, step: Step) -> None:
    for name, after in step["after"].items():
        if plain(getattr(row, name)) != after:
            raise _built_on()
    for name, before in step["before"].items():
        field = _field(type(row), name)
        setattr(row, field.attname if field.is_relation else name, _rich(field, before))
    row.save()


def _remove(row: models.Model, steps: list[Step]) -> None:
    """Delete what was added, unless other rows have come to rest on it (spells of the same change go before it)."""
    for relation in row._meta.related_objects:
        if relation.related_model._default_manager.filter(**{relation.field.name: row}).exists():
            raise _built_on()
    try:
        with atomic():
            row.delete()
    except IntegrityError:
        raise _built_on() from None


def _built_on() -> NotDecidable:
    return NotDecidable(
        "Sesudah pemutakhiran ini ada catatan lain yang bertumpu padanya. Balikkan dahulu yang lebih baru, atau ajukan "
        "pemutakhiran baru dengan keadaan yang benar."
    )
