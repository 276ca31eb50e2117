"""Model fields: a number sealed in its row with the index that finds it, and a primary key drawn before the insert."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections, models, router
from django.db.models import signals
from django.db.models.query_utils import DeferredAttribute

from harapan.database import sealing


class DrawnBigAutoField(models.BigAutoField):
    """A key drawn from the sequence before the row is written, because sealing binds a number to its row's key."""

    def get_pk_value_on_save(self, instance: models.Model) -> int:
        return draw_ids(type(instance), 1)[0]


def draw_ids(model: type[models.Model], count: int) -> list[int]:
    """So many fresh primary keys of the model, in order."""
    with connections[router.db_for_write(model)].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed number in hand. Shows itself masked; `open()` gives it in full, which the caller must account for."""

    kind: str
    table: str
    row_id: int
    blob: bytes

    def open(self) -> str:
        return sealing.unseal(self.blob, kind=self.kind, table=self.table, row_id=self.row_id)

    @property
    def masked(self) -> str:
        return sealing.masked(self.kind, self.open())

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Sealed {self.kind}>"


class _SealedAttribute(DeferredAttribute):
    """`family.kk` reads as Sealed or None; assigning text marks it for sealing at the next save."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or value is None or isinstance(value, str):
            return value
        kind: str = self.field.kind  # type: ignore[attr-defined]  # only a SealedField has this attribute
        return Sealed(kind, instance._meta.db_table, int(instance.pk), bytes(value))

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, Sealed):
            here = (value.table, value.row_id) == (instance._meta.db_table, instance.pk)
            value = value.blob if here else value.open()  # bound to its row: in another one it is sealed anew
        instance.__dict__[self.field.attname] = value


class IndexField(models.BinaryField):
    """The keyed index beside a sealed number. `filter(nik_ix="6305…")` computes it from the full number."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = sealing.index(self.kind, value)
        return super().get_prep_value(value)


class SealedField(models.BinaryField):
    """A number of a person: ciphertext in this column, its index in `<name>_ix`. The model's key must be Drawn.

    kind: nik, kk, account, card, phone or text; text has no index (it is never searched).
    """

    descriptor_class = _SealedAttribute

    if TYPE_CHECKING:  # what the type checker's Django plugin reads
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        in_migration = cls.__module__ == "__fake__"  # there the index is a field of its own already
        if self.kind != "text" and not in_migration and not cls._meta.abstract:
            ix = IndexField(kind=self.kind, null=True, blank=True)
            ix.creation_counter = self.creation_counter
            cls.add_to_class(f"{name}_ix", ix)
            signals.pre_save.connect(self._with_index, sender=cls)

    def _with_index(self, update_fields: Collection[str] | None, **sent: Any) -> None:
        if update_fields and self.name in update_fields and f"{self.name}_ix" not in update_fields:
            raise ValueError(f"update_fields names {self.name!r} without {self.name}_ix: it would no longer be found.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name!r} is bound to its row: assign it and save, or write `sealing.seal_column`.")
        return super().get_db_prep_value(value.blob if isinstance(value, Sealed) else value, connection, prepared)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, str):
            blob = sealing.seal(
                value, kind=self.kind, table=model_instance._meta.db_table, row_id=int(model_instance.pk)
            )
            model_instance.__dict__[self.attname] = blob
            if self.kind != "text":
                setattr(model_instance, f"{self.name}_ix", sealing.index(self.kind, value))
            return blob
        if value is None and self.kind != "text":
            setattr(model_instance, f"{self.name}_ix", None)
        return value
