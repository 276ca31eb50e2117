"""Somebody is taken on: the one record that recruitment, staff, training and ethics hang on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias
from harapan.regions.models import Region
from harapan.workforce.models import Person
from harapan.workforce.models.person import NATION


class PersonRefused(Refused):
    """Why somebody cannot be taken on like this."""


def take_on(name: str, *, region_no: int, since: date, nik: str = "", **facts: Any) -> Person:
    """A person, once: the same NIK again gives the one who stands. `facts`: further fields of `Person`.

    Raises PersonRefused where the place is no region, or the NIK belongs to somebody outside what the reader sees.
    """
    if region_no != NATION and not Region.objects.filter(no=region_no).exists():
        raise PersonRefused(
            Phrase("{number} bukan wilayah yang dikenal. Isi kode wilayah tempat tugasnya.", number=region_no)
        )
    with transaction.atomic(using=active_alias()):
        if nik and (known := Person.objects.filter(nik_ix=nik).first()):
            return known
        try:
            with transaction.atomic(using=active_alias()):
                return Person.objects.create(name=name, nik=nik or None, region_no=region_no, since=since, **facts)
        except IntegrityError as error:
            if "person_once_a_nik" not in str(error):
                raise
            raise PersonRefused(
                Phrase(
                    "NIK atas nama {name} sudah tercatat di luar wilayah Anda. Minta provinsi memeriksanya.",
                    name=name,
                )
            ) from error
