"""What somebody who goes away must hand over: computed, never typed. Packages above add what they know of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.module_loading import autodiscover_modules

from harapan.accounts.models import Post, User
from harapan.core.phrases import Phrase
from harapan.registry.models import Family, Group


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who goes, as the reader's post sees their work. `groups`: those they meet now."""

    user: User
    groups: tuple[int, ...]
    post: Post  # the reader's
    on: date


@dataclass(frozen=True, slots=True)
class Item:
    """Something of theirs, and how many. `holds_up`: until it is nought they may not leave for good."""

    code: str
    title: Phrase
    way: Phrase  # what to do about it
    count: int
    holds_up: bool = False

    @property
    def done(self) -> bool:
        return not self.count


Source = Callable[[Leaver], Item]
_sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """For a package that knows of more work: its function tells how much of it somebody has."""

    def add(ask: Source) -> Source:
        _sources[name] = ask
        return ask

    return add


def leaver_of(user: User, *, post: Post, on: date) -> Leaver:
    groups = Group.objects.filter(facilitator=user).order_by("pk").values_list("pk", flat=True)
    return Leaver(user, tuple(groups), post, on)


def items(leaver: Leaver) -> list[Item]:
    """Everything to be handed over, what holds up first. A constant number of queries for each source.

    Packages above tell theirs in a module `leaving`, which is loaded when somebody asks: few commands do.
    """
    autodiscover_modules("leaving")
    found = [_groups(leaver), _families(leaver), *(ask(leaver) for ask in _sources.values())]
    return sorted(found, key=lambda each: not each.holds_up)


def _groups(leaver: Leaver) -> Item:
    way = Phrase("Serahkan setiap kelompok kepada pendamping lain dengan SK.")
    return Item("groups", Phrase("Kelompok yang didampingi"), way, len(leaver.groups), holds_up=True)


def _families(leaver: Leaver) -> Item:
    way = Phrase("Ikut berpindah bersama kelompoknya.")
    count = Family.objects.filter(group__in=leaver.groups).count() if leaver.groups else 0
    return Item("families", Phrase("Keluarga dalam kelompok itu"), way, count)
