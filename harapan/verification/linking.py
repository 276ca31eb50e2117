"""The link by which the head of a facility confirms months without an account: made, opened, used once, revoked.

Whoever opens it puts on the sender's scope narrowed to the kecamatan of the listed members, for one transaction; what
is asked and written is further held to the listed members, months and facility. A stranger gets one refusal for all.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from harapan.accounts.links import Addresses, LinkClosed
from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database import day
from harapan.database.scope import RANGES_MAX, SYSTEM, Scope, active_alias, atomic, put_on
from harapan.policy.reader import default_policy
from harapan.regions import codes
from harapan.registry.models import Facility, Member
from harapan.verification.models import ConfirmationLink

VIA = "link"
ADDRESSES = Addresses("harapan.verification.link")


def make_link(
    facility: Facility, months: Sequence[int], members: Collection[int], *, stage: str, post: Post, by: User
) -> ConfirmationLink:
    """A link to these members' months. Raises Refused without any, or where the post reaches no region of its own."""
    if post.role.reach in (Reach.GROUPS, Reach.NATION):
        raise Refused("Tautan dikirim oleh petugas kabupaten/kota. Minta mereka membuatkannya.")
    if not months or not members:
        raise Refused("Pilih paling sedikit satu bulan. Tautan tanpa bulan dan anggota tidak ada gunanya.")
    now = timezone.now()
    with atomic():
        regions = Member.objects.filter(pk__in=members).values_list("region_no", flat=True)
        nos = _narrow(set(regions), post)
        link = ConfirmationLink.objects.create(
            facility=facility, months=sorted(months), members=sorted(members), stage=stage, region_no=nos[0],
            region_nos=nos, nonce=secrets.token_urlsafe(16), post=post, made_by=by, made_at=now,
            expires_at=now + timedelta(days=_law("link_valid_days")),
        )  # fmt: skip
        log.record(
            "link.made", kind="facility", subject=facility.pk,
            body={"link": link.pk, "months": link.months, "members": len(link.members)},
        )  # fmt: skip
    return link


def _narrow(regions: set[int], post: Post) -> list[int]:
    """The kecamatan of the members where a scope holds so many ranges, else the regions of the post."""
    districts = sorted({codes.ancestor(no, codes.Level.DISTRICT) for no in regions})
    return districts if 0 < len(districts) <= RANGES_MAX else list(post.region_nos)


def token_of(link: ConfirmationLink) -> str:
    """What stands at the end of its address."""
    return ADDRESSES.token(link.pk, link.nonce)


def revoke(link: ConfirmationLink, *, by: User) -> ConfirmationLink:
    """Close it for good. Raises Refused where it was used or revoked before."""
    with atomic():
        link = ConfirmationLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if link.used_at or link.revoked_at:
            raise Refused("Tautan ini sudah dipakai atau dicabut. Muat ulang halamannya.")
        link.revoked_at, link.revoked_by = timezone.now(), by
        link.save(update_fields=["revoked_at", "revoked_by"])
        log.record("link.revoked", kind="facility", subject=link.facility_id, body={"link": link.pk})
    return link


def look(token: str, *, address: str) -> None:
    """Count an opening and write who looked, before anything is shown. Raises LinkClosed."""
    with opened(token, lock=True) as (link, _post):
        link.opened += 1
        link.save(update_fields=["opened"])
        log.record("link.opened", kind="facility", subject=link.facility_id, body={"link": link.pk, "from": address})


@contextmanager
def opened(token: str, *, lock: bool = False, read_only: bool = False) -> Iterator[tuple[ConfirmationLink, Post]]:
    """The open link and its post, under its own narrow scope and by the post's clock. Raises LinkClosed."""
    number, post, made_by, nos = _known(token)
    within = tuple((no, codes.range_of(no)[1]) for no in nos)
    if not all(any(low <= first and after <= high for low, high in post.ranges) for first, after in within):
        raise LinkClosed
    scope = Scope.of_ranges(within, actor=made_by, via=VIA, why=f"tautan konfirmasi {number}")
    with timezone.override(post.zone), put_on(scope, read_only=read_only):
        rows = ConfirmationLink.objects.select_related("facility__region", "made_by")
        if lock:
            rows = rows.select_for_update(of=("self",))
        link = rows.filter(pk=number).first()
        if link is None or not link.open_at(timezone.now(), opens_max=_law("link_opens_max") + 1):
            raise LinkClosed
        yield link, post


def _known(token: str) -> tuple[int, Post, int, list[int]]:
    """(number, post held today, sender, regions) of a link whose signature and nonce are right. Raises LinkClosed."""
    pk, nonce = ADDRESSES.read(token)
    with put_on(Scope.common(actor=SYSTEM, via=VIA), read_only=True):
        with connections[active_alias()].cursor() as cursor:
            cursor.execute("SELECT post_id, made_by_id, region_nos FROM harapan.confirmation_link(%s, %s)", [pk, nonce])
            row = cursor.fetchone()
        post = Post.objects.held_on(day.today()).select_related("user").filter(pk=row[0]).first() if row else None
    if row is None or post is None or not post.user.is_active:
        raise LinkClosed
    return pk, post, row[1], list(row[2])


def mark_used(link: ConfirmationLink, *, name: str, position: str, address: str | None, at: datetime) -> None:
    """Used once, by whom. The caller holds its lock and has written what was confirmed."""
    if not name.strip() or not position.strip():
        raise Refused("Nama dan jabatan yang mengonfirmasi masih kosong. Isi keduanya, lalu kirim lagi.")
    link.used_at, link.confirmed_by, link.position = at, name.strip()[:80], position.strip()[:60]
    link.from_address = address
    link.save(update_fields=["used_at", "confirmed_by", "position", "from_address"])
    log.record(
        "link.confirmed", kind="facility", subject=link.facility_id,
        body={"link": link.pk, "name": link.confirmed_by, "position": link.position, "from": address},
    )  # fmt: skip


def _law(name: str) -> int:
    return int(default_policy().value(f"verification.{name}", on=day.today()).value)
