"""Users and their posts: the list, and one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from harapan.accounts.managing import people_of
from harapan.accounts.models import Acting, Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.regions.models import Region
from harapan.registry.places import reach_of
from harapan.ui.pages import keyset, show
from harapan.web.people.forms import PeopleFilters, role_name
from harapan.workforce.staff.reach import persons_in

PERMISSION = "user.manage"


@dataclass
class PostLine:
    """A post in words: what it is called, where, and who fills it for the holder."""

    post: Post
    title: str
    place: str
    on: date
    filled: list[Acting] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.post.until is not None and self.post.until <= self.on

    @property
    def to_come(self) -> bool:
        return self.post.since > self.on

    @property
    def running(self) -> list[Acting]:
        """Those who fill it now or soon."""
        return [each for each in self.filled if each.until > self.on]


@may(PERMISSION)
def people(request: Request) -> HttpResponse:
    filters = PeopleFilters.read(request, post=request.post, on=request.today)
    page = keyset(request, filters.people(), order=("name", "id"))
    ids = [user.pk for user in page]
    lines: dict[int, list[PostLine]] = {pk: [] for pk in ids}
    for line in _lines(Post.objects.filter(_lasts(request.today), user__in=ids), request.today):
        lines[line.post.user_id].append(line)
    protected = set(Authenticator.objects.filter(user__in=ids).values_list("user_id", flat=True))
    acting = _acting_of(ids, request.today)
    context = {
        "filters": filters,
        "page": page,
        "rows": [(user, lines[user.pk], acting.get(user.pk, []), user.pk in protected) for user in page],
        "total": people_of(request.post, on=request.today).count(),
        "place": reach_of(request.post),
    }
    return show(request, "people/list.html", context, piece="people/_rows.html")


@may(PERMISSION, look="user")
def person(request: Request, user_id: int) -> HttpResponse:
    shown = get_object_or_404(people_of(request.post, on=request.today), pk=user_id)
    lines = _lines(Post.objects.filter(user=shown), request.today)
    context = {
        "person": shown,
        "lines": [line for line in lines if not line.ended],
        "ended": [line for line in lines if line.ended],
        "acting": _acting_of([shown.pk], request.today).get(shown.pk, []),
        "protected": Authenticator.objects.filter(user=shown).exists(),
        "own": shown.pk == request.user.pk,
        "record": persons_in(request.post).filter(user=shown).first() if allows(request.post, "staff.view") else None,
        "recorded": True,
    }
    return render(request, "people/one.html", context)


def _lasts(on: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=on)


def _lines(posts: Iterable[Post], on: date) -> list[PostLine]:
    """Posts with their places and who fills them, the latest first. Three queries."""
    found = list(posts.order_by("-since", "-pk"))  # type: ignore[attr-defined]
    places = _places(found)
    lines = {post.pk: PostLine(post, role_name(post.role_code, on), places[post.pk], on) for post in found}
    for each in Acting.objects.filter(post__in=lines).select_related("substitute").order_by("-since"):
        lines[each.post_id].filled.append(each)
    return list(lines.values())


def _places(posts: Iterable[Post]) -> dict[int, str]:
    known = list(posts)
    numbers = {number for post in known for number in post.region_nos}
    names = {region.no: region.display_name for region in Region.objects.filter(no__in=numbers)}
    return {post.pk: ", ".join(names.get(number, str(number)) for number in post.region_nos) for post in known}


def _acting_of(users: Iterable[int], on: date) -> dict[int, list[tuple[Acting, str]]]:
    """Substitute -> what they fill for another now or soon, with its name. Two queries."""
    found = list(
        Acting.objects.filter(substitute__in=list(users), until__gt=on).select_related("post__user").order_by("since")
    )
    places = _places([each.post for each in found])
    acting: dict[int, list[tuple[Acting, str]]] = {}
    for each in found:
        words = f"{role_name(each.post.role_code, on)} {places[each.post_id]}".strip()
        acting.setdefault(each.substitute_id, []).append((each, words))
    return acting
