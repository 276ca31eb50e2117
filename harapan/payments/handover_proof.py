"""Photographed pages of the signed list, and documents that a reason rests on: what turns a word into proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.payments.field_law import handover_reasons
from harapan.payments.models import Handover, HandoverProof, Programme
from harapan.registry.models import NO_GROUP, Family, Group

PAGES_MAX = 20  # of one group's list


def add_proof(
    stage: Stage, group: Group, raw: bytes, *, name: str, page: int, families: Iterable[int], by: User,
    day: date | None = None,
) -> tuple[HandoverProof, int]:  # fmt: skip
    """Keep a photographed page; what was said received of these families is proven by it. The same page twice is one.

    families: numbers of those who signed on it. day: of the list, where money was handed over on several. Returns the
    page and how many it proves. Raises Unreadable, Refused.
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
        if proof.page is None:
            raise Refused("Foto ini sudah menjadi bukti sebuah alasan. Pilih foto halaman daftar.")
        said = Handover.objects.filter(
            stage=stage, family__in=list(families), group_no=group.pk, outcome=Handover.Outcome.RECEIVED,
            proof__isnull=True, **({"on": day} if day else {}),
        )  # fmt: skip
        proven = said.update(proof=proof)
        log.record(
            "handover_proof.added", kind="group", subject=group.pk,
            body={"stage": stage.name, "page": page, "proven": proven},
        )  # fmt: skip
    return proof, proven


def add_reason_proof(
    stage: Stage, family: Family, programme: Programme, raw: bytes, *, name: str, by: User, on: date
) -> HandoverProof:
    """Keep the document that the reason of a family's latest "not received" rests on. The same photograph twice is one.

    Raises Unreadable where it is no photograph, Refused where no reason of this family waits for its proof.
    """
    taken = pictures.read(raw, name=name)
    with atomic():
        group = Group.objects.select_for_update(of=("self",)).get(pk=family.group_id or NO_GROUP)
        rows = Handover.objects.filter(stage=stage, family=family, programme=programme)
        word = rows.order_by("-on", "-pk").first()
        reason = handover_reasons(on).get(word.reason_code) if word is not None else None
        if word is None or reason is None or reason.proof is None:
            raise Refused(
                "{name}: tidak ada alasan yang menunggu bukti. Tandai dahulu alasannya, lalu tambahkan fotonya.",
                name=family.name,
            )
        original = _store(group, name, raw, by)
        proof, new = HandoverProof.objects.get_or_create(
            stage=stage, group=group, original=original,
            defaults={
                "region_no": group.region_id or 0, "taken_on": taken.taken_on, "recorded_by": by,
                "shown": _store(group, f"alasan-{family.pk}.jpg", taken.shown, by),
            },
        )  # fmt: skip
        _refuse_elsewhere(proof, family, new=new)
        Handover.objects.filter(pk=word.pk).update(proof=proof)
        log.record(
            "handover_proof.reason", kind="family", subject=family.pk,
            body={"stage": stage.name, "reason": word.reason_code, "proof": proof.pk},
        )  # fmt: skip
    return proof


def _refuse_elsewhere(proof: HandoverProof, family: Family, *, new: bool) -> None:
    """One document is of one family: the same photograph for another, or a page of the signed list, proves nothing."""
    if new or (proof.page is None and not Handover.objects.filter(proof=proof).exclude(family=family).exists()):
        return
    raise Refused("{name}: foto ini sudah dipakai sebagai bukti lain. Pilih foto suratnya.", name=family.name)


def _store(group: Group, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(
        name, kind="photograph", contents=raw, owner=by.pk, region_no=group.region_id or 0, group_no=group.pk
    )
