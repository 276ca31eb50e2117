"""A round from plan to publication: its places, its rules until they freeze, and the days it opens and closes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Forbidden, Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.models import Application, Formation, Position, RecruitmentRound
from harapan.workforce.models.selection import Objection, Ranking
from harapan.workforce.recruitment.law import rules_on
from harapan.workforce.recruitment.rules import RoundRules, StageRule

State = RecruitmentRound.State
SEED_BYTES = 16


def locked(round_id: int, *states: str, post: Post) -> RecruitmentRound:
    """The round, held until the transaction ends, in one of these states. Raises Forbidden, Refused."""
    found: RecruitmentRound = RecruitmentRound.objects.select_for_update().get(pk=round_id)
    if not found.run_by(post):
        raise Forbidden("Putaran ini dijalankan oleh wilayah lain. Minta pengelolanya.")
    if found.state not in states:
        raise Refused(
            "Putaran {name} sedang {state}; yang ini hanya dapat dilakukan saat {wanted}.",
            name=found.name, state=State(found.state).label,
            wanted=" atau ".join(str(State(each).label) for each in states),
        )  # fmt: skip
    return found


def plan_round(
    code: str, name: str, *, cohort: int, opens_on: date, closes_on: date, begins_on: date, region: Region | None,
    by: User, post: Post,
) -> RecruitmentRound:  # fmt: skip
    """A round with the rules that policy gives on the day it opens. Raises Forbidden, Refused."""
    if not opens_on <= closes_on < begins_on:
        raise Refused("Hari dibuka, ditutup, dan mulai bertugas harus berurutan. Periksa ketiga tanggalnya.")
    rules = rules_on(opens_on)
    made = RecruitmentRound(
        code=code, name=name, cohort=cohort, opens_on=opens_on, closes_on=closes_on, begins_on=begins_on,
        region=region, rules=rules.stored(), rules_digest=rules.digest, made_by=by,
    )  # fmt: skip
    if not made.run_by(post):
        raise Forbidden("Putaran hanya dapat dibuat untuk wilayah Anda sendiri. Pilih wilayah kerja Anda.")
    with atomic():
        if RecruitmentRound.objects.filter(code=code).exists():
            raise Refused("Kode {code} sudah dipakai putaran lain. Pilih kode lain.", code=code)
        made.save()
    return made


def rules_of(found: RecruitmentRound) -> RoundRules:
    return RoundRules.of(found.rules)


def set_stages(
    round_id: int, stages: tuple[StageRule, ...], *, interview_per_place: int | None, by: User, post: Post
) -> RecruitmentRound:
    """Other weights, pass marks and length of the shortlist, until the round opens. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.PLANNED, post=post)
        rules = rules_of(found).with_stages(stages, interview_per_place=interview_per_place)
        found.rules, found.rules_digest = rules.stored(), rules.digest
        found.save(update_fields=["rules", "rules_digest"])
    return found


def set_formations(round_id: int, wanted: Mapping[tuple[int, str], int], *, post: Post) -> dict[tuple[int, str], str]:
    """Places by (region, position): "added", "changed" or "same". A quota of 0 takes the formation out.

    Raises Forbidden, Refused; regions outside the round's are refused by name.
    """
    with atomic():
        found = locked(round_id, State.PLANNED, post=post)
        known = {(each.region_id, each.position): each for each in found.formations.all()}
        _refuse_foreign(found, {region for region, _position in wanted})
        for position in {position for _region, position in wanted} - set(rules_of(found).requirements):
            raise Refused("Aturan putaran ini tidak punya syarat untuk {position}.", position=Position(position).label)
        said = {key: _said(known.get(key), quota) for key, quota in wanted.items()}
        Formation.objects.bulk_create(
            [
                Formation(round=found, region_id=region, position=Position(position), quota=quota)
                for (region, position), quota in wanted.items()
                if said[region, position] == "added"
            ]
        )
        changed = [known[key] for key, how in said.items() if how == "changed"]
        for each in changed:
            each.quota = wanted[each.region_id, each.position]
        Formation.objects.bulk_update([each for each in changed if each.quota], ["quota"])
        Formation.objects.filter(pk__in=[each.pk for each in changed if not each.quota]).delete()
    return said


def _said(known: Formation | None, quota: int) -> str:
    if known is None:
        return "added" if quota else "same"
    return "same" if known.quota == quota else "changed"


def _refuse_foreign(found: RecruitmentRound, regions: set[int]) -> None:
    known = set(Region.objects.filter(no__in=regions).values_list("no", flat=True))
    for number in sorted(regions):
        inside = found.region_id is None or codes.contains(found.region_id, number)
        if number not in known or not inside:
            raise Refused("Wilayah {number} tidak ada di dalam putaran ini. Periksa kodenya.", number=number)


def open_round(round_id: int, *, by: User, post: Post, on: date) -> RecruitmentRound:
    """Take applications from now on; rules and places are frozen with this. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.PLANNED, post=post)
        if not found.formations.exists():
            raise Refused("Putaran {name} belum punya formasi. Isi kuotanya lebih dahulu.", name=found.name)
        if on > found.closes_on:
            raise Refused("Hari penutupan {day} sudah lewat. Ubah harinya.", day=format_date(found.closes_on))
        found.state = State.OPEN
        found.save(update_fields=["state"])
        log.record("round.opened", kind="round", subject=found.pk, body={"rules": found.rules_digest})
    return found


def close_applications(round_id: int, *, by: User, post: Post, on: date) -> RecruitmentRound:
    """No more applications, and the lot is drawn. Writes one row whatever the number. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.OPEN, post=post)
        if on <= found.closes_on:
            raise Refused(
                "Pendaftaran masih terbuka sampai {day}. Tutup sesudah hari itu.", day=format_date(found.closes_on)
            )
        found.state, found.lot_seed = State.CLOSED, secrets.token_hex(SEED_BYTES)
        found.save(update_fields=["state", "lot_seed"])
        log.record("round.closed", kind="round", subject=found.pk, body=sent_to(found))
    return found


def sent_to(found: RecruitmentRound) -> dict[str, int]:
    """How many applications were sent, and how many of them are set aside as doubles."""
    sent = Application.objects.filter(round=found, state=Application.State.SUBMITTED)
    return sent.aggregate(applicants=Count("pk"), doubles=Count("set_aside_on"))


def publish(round_id: int, *, by: User, post: Post, on: date) -> Ranking:
    """Let every applicant see their result; from now on they may object.

    A further result gives new days to whoever stands worse in it (`objecting.hearings`); the round waits for the last
    of them. Raises Forbidden, Refused.
    """
    with atomic():
        found = locked(round_id, State.CLOSED, State.PUBLISHED, post=post)
        latest = Ranking.objects.results().filter(round=found).newest()
        if latest is None or latest.published_on is not None:
            raise Refused("Tidak ada peringkat baru untuk diumumkan. Susun peringkatnya lebih dahulu.")
        before = Ranking.objects.results().filter(round=found).announced()
        worse = latest.worsened(before).count() if before is not None else 0
        latest.published_on = on
        latest.save(update_fields=["published_on"])
        if before is None or worse:
            found.objections_until = heard_until(found, latest)
        found.state = State.PUBLISHED
        found.save(update_fields=["state", "objections_until"])
        body = {"version": latest.version, "worse": worse}
        log.record("round.published", kind="round", subject=found.pk, body=body)
    return latest


def heard_until(found: RecruitmentRound, ranking: Ranking) -> date | None:
    """The last day to object to a published result by the rules of the round; None before it is published."""
    if ranking.published_on is None:
        return None
    return ranking.published_on + timedelta(days=rules_of(found).objection_days)


def announce_shortlist(round_id: int, *, by: User, post: Post, on: date) -> Ranking:
    """Let those who are interviewed, and those who are not, see it; interviews begin. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.CLOSED, post=post)
        latest = Ranking.objects.shortlists().filter(round=found).newest()
        if latest is None or latest.published_on is not None:
            raise Refused("Tidak ada daftar panggilan wawancara baru untuk diumumkan. Susun daftarnya lebih dahulu.")
        latest.published_on = on
        latest.save(update_fields=["published_on"])
        log.record("round.shortlist_announced", kind="round", subject=found.pk, body={"version": latest.version})
    return latest


def settle(round_id: int, *, by: User, post: Post, on: date) -> RecruitmentRound:
    """The result stands: places may be offered. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.PUBLISHED, post=post)
        until, latest = found.objections_until, Ranking.objects.results().filter(round=found).newest()
        if until is None or on <= until:
            raise Refused(
                "Masa sanggah berlangsung sampai {day}. Tetapkan sesudah hari itu.",
                day=format_date(until) if until else "",
            )
        objections = Objection.objects.filter(application__round=found)
        waiting = objections.filter(answered_at__isnull=True).count()
        if waiting:
            raise Refused("{n} sanggah belum dijawab. Jawab semuanya lebih dahulu.", n=waiting)
        if latest is None or latest.published_on is None:
            raise Refused("Peringkat terbaru belum diumumkan. Umumkan lebih dahulu.")
        if objections.filter(upheld=True, answered_at__gt=latest.made_at).exists():
            raise Refused("Ada sanggah yang diterima sesudah peringkat disusun. Susun dan umumkan peringkat lagi.")
        found.state = State.SETTLED
        found.save(update_fields=["state"])
        log.record("round.settled", kind="round", subject=found.pk, body={"version": latest.version})
    return found


def swap_double(application_id: int, *, by: User, post: Post) -> Application:
    """Of several applications with one NIK let this one count, until the ranking is made. Raises Forbidden, Refused."""
    with atomic():
        wanted = Application.objects.visible_to(post).select_for_update().get(pk=application_id)
        locked(wanted.round_id, State.CLOSED, State.PUBLISHED, post=post)
        if wanted.set_aside_on is None or wanted.state != Application.State.SUBMITTED:
            raise Refused("Lamaran {number} sudah dinilai. Pilih lamaran yang disisihkan.", number=wanted.number)
        others = Application.objects.of_the_person_of(wanted)
        others.counted().update(set_aside_on=wanted.set_aside_on)
        wanted.set_aside_on = None
        wanted.save(update_fields=["set_aside_on"])
        log.record("application.counted", kind="application", subject=wanted.pk)
    return wanted
