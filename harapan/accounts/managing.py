"""Whom somebody who manages users may handle: a national role everybody, another one only those below it, inside its
own regions. So nobody reaches a role as wide as their own by giving it, or by giving its holder a new password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from harapan.accounts.models import Acting, Post, User
from harapan.accounts.roles import Reach, Role, catalogue, role
from harapan.core.errors import Refused
from harapan.regions import codes
from harapan.regions.models import Region

BREADTH = list(Reach)  # from narrow to wide


def grantable(by: Post) -> list[Role]:
    """The roles this post may give, in the order of the roles' file."""
    own = by.role.reach
    return [each for each in catalogue().values() if own is Reach.NATION or _narrower(each.reach, own)]


def people_of(by: Post, *, on: date) -> QuerySet[User]:
    """Those whom this post may handle on a day: with a post below it, and none that lasts beyond it, own or filled."""
    if by.role.reach is Reach.NATION:
        return User.objects.all()
    posts, below = Post.objects.filter(user=OuterRef("pk")), _below(by)
    beyond = posts.filter(Q(until__isnull=True) | Q(until__gt=on)).exclude(below)
    filled = Acting.objects.filter(substitute=OuterRef("pk"), until__gt=on)
    beyond_filled = filled.exclude(post__in=Post.objects.filter(below).values("pk"))
    return User.objects.filter(Exists(posts.filter(below)), ~Exists(beyond), ~Exists(beyond_filled))


def demand_grant(by: Post, role_code: str, region_nos: Sequence[int], *, to: User, actor: User) -> None:
    """Raises Refused where this post may not give that role in those regions, or to oneself."""
    if to.pk == actor.pk:
        raise Refused(
            "{to} tidak dapat memberi jabatan kepada diri sendiri. Minta pengelola pengguna yang lain.",
            to=to.name,
        )
    given, own = role(role_code), by.role.reach
    if own is Reach.NATION:
        return
    if not _narrower(given.reach, own):
        names = ", ".join(each.code for each in grantable(by))
        raise Refused(
            "Peran {role_code} tidak di bawah jabatan Anda. Yang dapat Anda berikan: {names}.",
            role_code=role_code,
            names=names,
        )
    for number in region_nos:
        if not any(low <= number < high for low, high in by.ranges):
            raise Refused(
                "Wilayah {number} berada di luar wilayah kerja Anda. Pilih yang di dalamnya.",
                number=codes.dotted(number),
            )


def _below(by: Post) -> Q:
    """Posts of a narrower role whose every region lies inside this post's."""
    narrower = [each.code for each in grantable(by)]
    inside = Q(pk__in=())
    for low, high in by.ranges:
        inside |= Q(no__gte=low, no__lt=high)
    numbers = Region.objects.filter(inside, level__lt=codes.Level.VILLAGE).values_list("no", flat=True)
    return Q(role_code__in=narrower, region_nos__contained_by=list(numbers), region_nos__len__gt=0)


def _narrower(reach: Reach, than: Reach) -> bool:
    return BREADTH.index(reach) < BREADTH.index(than)
