"""A request from its asking to its end: asked, proven, applied or refused by another person, withdrawn, taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.files.models import StoredFile
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.registry.changes.applying import apply
from harapan.registry.changes.asked import Asked, content_key, read, split
from harapan.registry.changes.checking import check
from harapan.registry.changes.errors import Contradiction, NotDecidable
from harapan.registry.changes.kinds import default_kinds
from harapan.registry.changes.recording import restore
from harapan.registry.models import NO_GROUP, Change, ChangeProof, Family

State = Change.State
WAY_OUT = Phrase("Tulis alasannya dalam satu kalimat, misalnya: nama di KTP berbeda dengan yang diajukan.")


def ask(family_id: int, kind: str, values: Mapping[str, str], *, by: User, on: date) -> Change:
    """Ask for a change of a family. The same request again, while it is open, is the same one.

    values: field of the kind -> text (dates ISO, people and places by number). Raises NotYours, Contradiction,
    Unreadable.
    """
    of_kind = default_kinds().on(kind, on)
    values = read(of_kind, values)
    with atomic():
        family = _locked_family(family_id)
        asked = Asked(of_kind, family, values)
        check(asked, on=on)
        key = content_key(values, pepper=family.pk)
        known = Change.objects.filter(family=family, kind=kind, content_key=key, state=State.ASKED).first()
        if known is not None:
            return known
        _refuse_rival(asked)
        told, numbers = split(values)
        change = Change(
            family=family, kind=kind, member=asked.member, told=told, content_key=key, effective_on=asked.on,
            asked_by=by, asked_on=on,
        )  # fmt: skip
        change.numbers = numbers
        change.save()
        log.record("change.asked", kind="family", subject=family.pk, body={"change": change.pk, "kind": kind})
    return change


def _refuse_rival(asked: Asked) -> None:
    """Two open requests of one kind about one person would both be applied, or hide each other."""
    open_ones = Change.objects.filter(
        family=asked.family, kind=asked.kind.code, member=asked.member, state=State.ASKED
    ).select_related("asked_by")  # fmt: skip
    if asked.kind.code in ("birth", "enter"):
        return  # twins
    rival = open_ones.first()
    if rival is not None:
        raise Contradiction(
            "{kind} sudah diajukan {who} pada {day} dan menunggu keputusan. Tarik atau putuskan dahulu yang itu.",
            kind=asked.kind.title, who=rival.asked_by.name, day=format_date(rival.asked_on),
        )  # fmt: skip


def add_proof(change_id: int, kind: str, file: StoredFile, *, by: User, on: date) -> ChangeProof:
    """Lay a paper beside a request. The same paper twice is one. Raises NotYours, NotDecidable, Refused."""
    with atomic():
        change = _locked(change_id)
        if change.state != State.ASKED:
            raise NotDecidable("Permintaan ini sudah {state}; buktinya tidak dapat ditambah.", state=_said(change))
        if kind not in default_kinds().proofs:
            raise Refused("Jenis bukti itu tidak dikenal. Pilih dari daftarnya.")
        proof, _new = ChangeProof.objects.get_or_create(
            change=change, kind=kind, file=file,
            defaults={"family_id": change.family_id, "region_no": change.region_no, "group_no": change.group_no,
                      "added_by": by, "added_on": on},
        )  # fmt: skip
        log.record(
            "change.proven", kind="family", subject=change.family_id, body={"change": change.pk, "proof": kind}
        )  # fmt: skip
    return proof


def missing_proofs(change: Change) -> list[tuple[str, ...]]:
    """What is still asked for: of each, one is enough."""
    brought = set(ChangeProof.objects.filter(change=change).values_list("kind", flat=True))
    return [any_of for any_of in default_kinds().on(change.kind, change.asked_on).proofs if not brought & {*any_of}]


def approve(change_id: int, *, by: User, post: Post, on: date, why: str = "") -> Change:
    """Apply a request from its day, as a second person. Approved twice is once.

    Raises NotYours, NotDecidable (not this person's to decide, proof missing), Contradiction (facts have moved).
    """
    with atomic():
        change = _locked(change_id)
        if change.state == State.APPLIED:
            return change
        _demand_decider(change, by, post)
        missing = missing_proofs(change)
        if missing:
            raise NotDecidable(
                "Buktinya belum lengkap: {missing}. Tambahkan, lalu putuskan.", missing=_proofs_said(missing)
            )
        asked = Asked.of(change, _locked_family(change.family_id))
        _demand_reach(asked, post)
        _check_again(asked, change, on)
        recorder = apply(asked)
        change.undo = recorder.dumped()
        _follow(change, asked.family)
        _decided(change, State.APPLIED, by=by, on=on, why=why)
        log.record(
            "change.applied", kind="family", subject=change.family_id, why=why,
            body={"change": change.pk, "kind": change.kind, "effective_on": change.effective_on},
        )  # fmt: skip
    return change


def _demand_reach(asked: Asked, post: Post) -> None:
    """Who takes a family out of the own region could not see it arrive."""
    village = asked.number("village")
    if village and post.role.reach != Reach.NATION and not any(low <= village < high for low, high in post.ranges):
        raise NotDecidable("Desa baru berada di luar wilayah kerja Anda. Mintalah provinsi atau pusat memindahkannya.")


def _check_again(asked: Asked, change: Change, on: date) -> None:
    try:
        check(asked, on=on)
    except Contradiction as no:
        since = Change.objects.filter(family=asked.family, state=State.APPLIED, decided_on__gte=change.asked_on)
        latest = since.select_related("decided_by").order_by("-pk").first()
        if latest is None:
            raise
        raise Contradiction(
            "{why} Sesudah permintaan ini diajukan, {kind} diterapkan oleh {who} pada {day}.", why=no.phrase,
            kind=default_kinds()[latest.kind].title, who=latest.decided_by.name if latest.decided_by else "",
            day=format_date(latest.decided_on) if latest.decided_on else "",
        ) from no  # fmt: skip


def refuse(change_id: int, *, by: User, post: Post, on: date, why: str) -> Change:
    """Say no, with a reason the asker reads. Raises NotYours, NotDecidable, Refused without a reason."""
    demand_reason(why, WAY_OUT, on=on)
    with atomic():
        change = _locked(change_id)
        _demand_decider(change, by, post)
        _decided(change, State.REFUSED, by=by, on=on, why=why)
        log.record(
            "change.refused", kind="family", subject=change.family_id, why=why, body={"change": change.pk}
        )  # fmt: skip
    return change


def withdraw(change_id: int, *, by: User) -> Change:
    """The asker takes an open request back. Raises NotYours, NotDecidable."""
    with atomic():
        change = _locked(change_id)
        if change.state != State.ASKED or change.asked_by_id != by.pk:
            raise NotDecidable("Hanya yang mengajukan dapat menarik permintaan, selama belum diputuskan.")
        change.state = State.WITHDRAWN
        change.save()
        log.record("change.withdrawn", kind="family", subject=change.family_id, body={"change": change.pk})
    return change


def reverse(change_id: int, *, by: User, post: Post, on: date, why: str) -> Change:
    """Take an applied change back by a counter-entry: facts as before, both stay on record. Reversed twice is once.

    Raises NotYours, Refused without a reason, NotDecidable where other records have come to rest on it.
    """
    demand_reason(why, WAY_OUT, on=on)
    with atomic():
        change = _locked(change_id)
        known = Change.objects.filter(reverses=change).first()
        if known is not None:
            return known
        if change.state != State.APPLIED or change.reverses_id is not None:
            raise NotDecidable("Permintaan ini {state}; yang dapat dibalik hanya yang diterapkan.", state=_said(change))
        _demand_permission(change, post)
        family = _locked_family(change.family_id)
        take_back(change)
        family.refresh_from_db()
        _follow(change, family)
        change.state = State.REVERSED
        change.save()
        counter = Change.objects.create(
            family=family, kind=change.kind, member_id=change.member_id, told=change.told, content_key="reverses",
            effective_on=change.effective_on, state=State.APPLIED, asked_by=by, asked_on=on, decided_by=by,
            decided_on=on, decided_why=why.strip()[:300], reverses=change,
        )  # fmt: skip
        log.record(
            "change.reversed", kind="family", subject=family.pk, why=why,
            body={"change": change.pk, "counter": counter.pk},
        )  # fmt: skip
    return counter


def take_back(change: Change) -> None:
    """The facts as they were before an applied change; the caller holds the lock on the family. Raises NotDecidable."""
    restore(json.loads(change.undo.open()))


def _follow(change: Change, family: Family) -> None:
    """The database has taken the row along when the family moved; ours in hand still says where it was."""
    change.region_no, change.group_no = family.region_id, family.group_id or NO_GROUP


def may_decide(change: Change, by: User, post: Post) -> bool:
    of_kind = default_kinds().on(change.kind, change.asked_on)
    return change.state == State.ASKED and change.asked_by_id != by.pk and allows(post, of_kind.permission)


def _demand_decider(change: Change, by: User, post: Post) -> None:
    if change.state != State.ASKED:
        raise NotDecidable("Permintaan ini sudah {state}. Muat ulang halamannya.", state=_said(change))
    _demand_permission(change, post)
    if change.asked_by_id == by.pk:
        raise NotDecidable("Permintaan ini Anda sendiri yang mengajukan. Yang memutuskan harus orang lain.")


def _demand_permission(change: Change, post: Post) -> None:
    of_kind = default_kinds().on(change.kind, change.asked_on)
    if not allows(post, of_kind.permission):
        raise NotDecidable(
            "{kind} diputuskan oleh {who}. Mintalah kepadanya.", kind=of_kind.title, who=DECIDERS[of_kind.level]
        )


DECIDERS = {
    "lead": Phrase("ketua tim kecamatan atau petugas data kab/kota"),
    "data": Phrase("petugas data atau ketua tim kab/kota"),
    "office": Phrase("ketua tim atau Dinas Sosial kab/kota"),
}


def _decided(change: Change, state: State, *, by: User, on: date, why: str) -> None:
    change.state, change.decided_by, change.decided_on = state, by, on
    change.decided_why = why.strip()[:300]
    change.save()


def _said(change: Change) -> str:
    return State(change.state).label


def _proofs_said(missing: list[tuple[str, ...]]) -> Phrase:
    names = default_kinds().proofs
    return joined((joined((names[code] for code in any_of), Phrase(" atau ")) for any_of in missing), ", ")


def _locked(change_id: int) -> Change:
    found = Change.objects.select_for_update(of=("self",)).filter(pk=change_id).first()
    if found is None:
        raise NotYours(Phrase("Pemutakhiran"))
    return found


def _locked_family(family_id: int) -> Family:
    found = Family.objects.select_for_update(of=("self",)).filter(pk=family_id).first()
    if found is None:
        raise NotYours(Phrase("Keluarga"))
    return found
