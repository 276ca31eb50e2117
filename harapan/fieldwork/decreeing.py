"""A decree (SK penetapan) makes validated candidates members from a day on; a proposal may end a membership."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.fieldwork.candidates import dead_among, members_among
from harapan.fieldwork.first_meetings import AGREED
from harapan.fieldwork.models import Candidacy, EndProposal, FoundComponent, HomeVisit, Invitation
from harapan.policy.reader import default_policy
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.registry.models import ComponentSpell, Enrolment, Source

TOLD_MAX = 5
BEGAN_BECAUSE = "penetapan calon"


def decree(
    candidacy_ids: Collection[int], *, number: str, decreed_on: date, starts_on: date, by: User, on: date
) -> list[Candidacy]:
    """Make validated candidates members from `starts_on`, with the components their visit found. All or none.

    Raises NotYours; Refused names who did not agree, is not validated, dead or a member, so that list and SK agree. A
    constant number of statements.
    """
    wanted = set(candidacy_ids)
    _check_decree(number, decreed_on, starts_on, wanted, on=on)
    with atomic():
        rows = Candidacy.objects.select_for_update(of=("self",)).select_related("family").filter(pk__in=wanted)
        found = list(rows.order_by("pk"))
        if len(found) != len(wanted):
            raise NotYours(Phrase("Calon"))
        _refuse_unready(found, on=starts_on)
        for each in found:
            each.decree_no, each.decreed_on, each.starts_on = number.strip()[:80], decreed_on, starts_on
            each.decreed_by = by
        Candidacy.objects.bulk_update(found, ["decree_no", "decreed_on", "starts_on", "decreed_by"])
        spell = DateRange(starts_on, None)
        Enrolment.objects.bulk_create(
            Enrolment(
                family=each.family, region_no=each.region_no, group_no=each.group_no, spell=spell, source=Source.FIELD,
                began_because=f"{BEGAN_BECAUSE} {each.decree_no}"[:120],
            )
            for each in found
        )  # fmt: skip
        _begin_components(found, spell)
        bodies = {each.family_id: {"number": each.decree_no, "starts_on": starts_on} for each in found}
        log.record_each("candidate.decreed", kind="family", bodies=bodies)
    return found


def _check_decree(number: str, decreed_on: date, starts_on: date, wanted: Collection[int], *, on: date) -> None:
    if not wanted:
        raise Refused("Pilih calon yang ditetapkan.")
    if len(number.strip()) < 3:
        raise Refused("Tulis nomor SK penetapan.")
    if decreed_on > on:
        raise Refused("SK bertanggal {day} belum terbit; periksa tanggalnya.", day=format_date(decreed_on))
    if starts_on.day != 1:
        raise Refused("Kepesertaan dimulai pada tanggal 1; {day} bukan awal bulan.", day=format_date(starts_on))


def _refuse_unready(found: list[Candidacy], *, on: date) -> None:
    families = [each.family_id for each in found]
    members, dead = members_among(families, on=on), dead_among(families)
    consents = Invitation.objects.filter(candidacy__in=found, consent__in=AGREED)
    agreed = set(consents.values_list("candidacy", flat=True))
    reasons = (
        (Phrase("pencalonannya sudah berakhir"), lambda each: each.closed_on is not None),
        (Phrase("sudah ditetapkan"), lambda each: each.decreed_on is not None),
        (Phrase("belum dinyatakan layak"), lambda each: each.validated_on is None),
        (Phrase("belum menyatakan setuju"), lambda each: each.pk not in agreed),
        (Phrase("masih cadangan"), lambda each: each.reserve),
        (Phrase("pengurusnya meninggal"), lambda each: each.family_id in dead),
        (Phrase("sudah menjadi peserta"), lambda each: each.family_id in members),
    )
    for why, holds in reasons:
        named = [each.family.name for each in found if holds(each)]
        if named:
            more = Phrase(" dan {n} lagi", n=len(named) - TOLD_MAX) if len(named) > TOLD_MAX else ""
            raise Refused(
                "{names}{more} {why}, jadi SK ini tidak dicatat. Keluarkan dari pilihan, lalu catat lagi.",
                names=joined(named[:TOLD_MAX], ", "), more=more, why=why,
            )  # fmt: skip


def _begin_components(found: list[Candidacy], spell: DateRange) -> None:
    """What the validating visit found begins with the membership."""
    visits = HomeVisit.objects.filter(candidacy__in=found, eligible=True).order_by("candidacy", "-visited_on", "-pk")
    latest = list(visits.distinct("candidacy").values_list("pk", flat=True))
    running = set(
        ComponentSpell.objects.filter(family__in=[each.family_id for each in found], spell__overlap=spell)
        .values_list("member", "component")
    )  # fmt: skip
    ComponentSpell.objects.bulk_create(
        ComponentSpell(
            family_id=each.family_id, region_no=each.region_no, group_no=each.group_no, member_id=each.member_id,
            component=each.component, facility_id=each.facility_id, grade=each.grade, spell=spell, source=Source.FIELD,
        )
        for each in FoundComponent.objects.filter(visit__in=latest).order_by("pk")
        if (each.member_id, each.component) not in running
    )  # fmt: skip


def may_decide(post: Post, *, on: date) -> bool:
    """Whether policy lets this role say that a membership ends."""
    return post.role_code in default_policy().value("visits.end_decided_by", on=on).value


def decide_end(
    proposal_id: int, *, ends: bool, ends_on: date | None, why: str, post: Post, by: User, on: date
) -> EndProposal:
    """Say whether the membership ends, as the level that policy names. Raises NotYours, Refused."""
    if not may_decide(post, on=on):
        raise Refused(
            "Keputusan ini ada pada tingkat yang disebut kebijakan. Minta ketua tim atau Dinas Sosial kab/kota."
        )
    demand_reason(why, Phrase("Tulis alasan keputusan, misalnya: sudah dicek desa, pindah ke Banjarmasin."), on=on)
    with atomic():
        row = (
            EndProposal.objects.select_for_update(of=("self",)).select_related("family", "visit").filter(pk=proposal_id)
        )
        proposal = row.first()
        if proposal is None:
            raise NotYours(Phrase("Usulan"))
        if proposal.answer != EndProposal.Answer.OPEN:
            raise Refused("Usulan ini sudah diputuskan. Muat ulang halamannya.")
        if proposal.visit.visited_by_id == by.pk:
            raise Refused("Yang berkunjung tidak memutuskan usulannya sendiri. Minta orang lain pada tingkat ini.")
        proposal.answer = EndProposal.Answer.ENDED if ends else EndProposal.Answer.KEPT
        proposal.decided_on, proposal.decided_by, proposal.why = on, by, why.strip()[:200]
        if ends:
            proposal.ends_on = ends_on or on
            _end_enrolment(proposal)
        proposal.save()
        verb = "membership.ended" if ends else "membership.kept"
        log.record(verb, kind="family", subject=proposal.family_id, why=why, body={"proposal": proposal.pk})
    return proposal


def _end_enrolment(proposal: EndProposal) -> None:
    running = Enrolment.objects.select_for_update(of=("self",)).filter(family=proposal.family_id, spell__upper_inf=True)
    enrolment = running.first()
    day = proposal.ends_on
    if enrolment is None or day is None or (enrolment.spell.lower and enrolment.spell.lower >= day):
        raise Refused(
            "Keluarga {family} tidak sedang menjadi peserta sebelum tanggal itu. Periksa tanggal berakhirnya.",
            family=proposal.family.name,
        )
    enrolment.spell = DateRange(enrolment.spell.lower, day)
    enrolment.ended_because = f"kunjungan {format_date(proposal.visit.visited_on)}: {proposal.visit.reason}"[:120]
    enrolment.save(update_fields=["spell", "ended_because"])
