"""The one way a post ends: never while families would be left with nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from harapan.accounts import actions
from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach, catalogue
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.regions.models import name_of
from harapan.registry.models import Group
from harapan.workforce.models import Person
from harapan.workforce.staff import law, reach

_READ = ("pk", "name", "region_id", "facilitator")
NAMED_MAX = 5  # groups that a refusal names; of more it says how many


def end_post(post: Post, *, on: date, by: User) -> Post:
    """The post is held no longer from this day on. Raises Refused as `accounts.actions`, and while it meets groups."""
    with atomic():
        held = Post.objects.select_for_update(of=("self",)).select_related("user").get(pk=post.pk)
        refuse_with_groups(held.user, [held], on=on)
        return actions.end_post(post, on=on, by=by)


def about_to_end(post: Post, *, on: date) -> QuerySet[Person]:
    """People in reach who meet groups under a post that ends soon, or has ended, with no later one to go on in.

    A post given with an end date ends by itself. Its groups are asked about before, and until somebody holds them.
    """
    meeting = [code for code, role in catalogue().items() if role.reach is Reach.GROUPS]
    soon = on + timedelta(days=law.renew_before_days(on))
    theirs = Post.objects.filter(user=OuterRef("user"), role_code__in=meeting)
    going_on = theirs.filter(Q(until__isnull=True) | Q(until__gt=soon))
    groups = Group.objects.filter(facilitator=OuterRef("user"))
    return reach.persons_in(post).filter(Exists(groups), Exists(theirs.filter(until__lte=soon)), ~Exists(going_on))


def refuse_with_groups(user: User, ending: Iterable[Post], *, on: date) -> None:
    """Raises Refused where these posts, that end, still meet groups: they go to somebody first."""
    left = groups_left(user, ending, on=on)
    if not left:
        return
    named = ", ".join(left[:NAMED_MAX])
    raise Refused(
        "{name} masih mendampingi {n} kelompok: {groups}. Serahkan dahulu lewat rencana cuti, pindah, atau berhenti di "
        "catatan SDM-nya, lalu ulangi.",
        name=user.name, n=len(left), groups=f"{named}, …" if len(left) > NAMED_MAX else named,
    )  # fmt: skip


def groups_left(user: User, ending: Iterable[Post], *, on: date) -> list[str]:
    """Names of the groups that these posts of somebody still meet, with the village where several bear one name.

    What the reader does not see of the groups written in a post counts as still theirs: nothing is left unseen.
    """
    ends = {post.pk: post for post in ending}
    meeting = [code for code, role in catalogue().items() if role.reach is Reach.GROUPS]
    lasting = Q(until__isnull=True) | Q(until__gt=on)
    others = Post.objects.filter(lasting, user=user, role_code__in=meeting).exclude(pk__in=ends)
    written = {number for post in ends.values() for number in post.groups}
    kept = {number for groups in others.values_list("groups", flat=True) for number in groups} - written
    rows = Group.objects.filter(pk__in=written) | Group.objects.filter(facilitator=user).exclude(pk__in=kept)
    known = {pk: (name, place, holder) for pk, name, place, holder in rows.values_list(*_READ)}
    theirs = sorted((name, place) for name, place, holder in known.values() if holder == user.pk)
    often = Counter(name for name, _place in theirs)
    named = [f"{name} ({name_of(place)})" if often[name] > 1 else name for name, place in theirs]
    return named + [str(number) for number in sorted(written - known.keys())]
