"""Photographed pages of the signed list: what turns a word into proof."""

from __future__ import annotations

from collections.abc import Iterable

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.payments.models import Handover, HandoverProof
from harapan.registry.models import Group

PAGES_MAX = 20  # of one group's list


def add_proof(
    stage: Stage, group: Group, raw: bytes, *, name: str, page: int, families: Iterable[int], by: User
) -> tuple[HandoverProof, int]:
    """Keep a photographed page; what was said received of these families is proven by it. The same page twice is one.

    families: numbers of those who signed on it. Returns the page and how many it proves. Raises Unreadable, Refused.
    """
    taken = pictures.read(raw, name=name)
    if not 1 <= page <= PAGES_MAX:
        raise Refused("Halaman {page} tidak ada. Isi nomor halaman 1 sampai {most}.", page=page, most=PAGES_MAX)
    with atomic():
        Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
        original = _store(group, name, raw, by)
        proof = HandoverProof.objects.filter(stage=stage, group=group, original=original).first()
        if proof is None:
            proof = HandoverProof.objects.create(
                stage=stage, group=group, region_no=group.region_id or 0, page=page, original=original,
                shown=_store(group, f"daftar-{group.pk}-{page}.jpg", taken.shown, by), taken_on=taken.taken_on,
                recorded_by=by,
            )  # fmt: skip
        said = Handover.objects.filter(
            stage=stage, family__in=list(families), group_no=group.pk, outcome=Handover.Outcome.RECEIVED,
            proof__isnull=True,
        )  # fmt: skip
        proven = said.update(proof=proof)
        log.record(
            "handover_proof.added", kind="group", subject=group.pk,
            body={"stage": stage.name, "page": page, "proven": proven},
        )  # fmt: skip
    return proof, proven


def _store(group: Group, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(
        name, kind="photograph", contents=raw, owner=by.pk, region_no=group.region_id or 0, group_no=group.pk
    )
