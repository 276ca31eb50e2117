"""The plain values that the pieces under `templates/ui/` show. Views build them; templates only lay them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise
FIRST_MAX = 6  # errands in the header: what fits beside search and reader at 1280 px


@dataclass(frozen=True)
class Errand:
    """One of the things a role comes for. The first stand in the header, the others under “Lainnya”."""

    label: Words
    url: str
    current: bool = False


@dataclass(frozen=True)
class Post:
    """A post the reader may act in; `value` is what the switch form sends as `post`."""

    value: str
    label: Words
    current: bool = False


@dataclass(frozen=True)
class Chrome:
    """Everything around a page: `ui/base.html` reads it from the context as `chrome`.

    Empty urls leave their control out, so that a page without a session still renders.
    """

    errands: tuple[Errand, ...] = ()
    home_url: str = "/"
    search_url: str = ""
    name: str = ""
    role: Words = ""
    place: Words = ""
    posts: tuple[Post, ...] = ()
    post_url: str = ""
    language_url: str = ""
    settings_url: str = ""
    people_url: str = ""
    record_url: str = ""
    logout_url: str = ""

    @property
    def first(self) -> tuple[Errand, ...]:
        """What the header shows; one more stands there rather than alone in a menu."""
        return self.errands if len(self.errands) <= FIRST_MAX + 1 else self.errands[:FIRST_MAX]

    @property
    def more(self) -> tuple[Errand, ...]:
        return self.errands[len(self.first) :]

    @property
    def in_more(self) -> bool:
        return any(errand.current for errand in self.more)

    @property
    def initials(self) -> str:
        """At most two letters of the name, for the round face."""
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


@dataclass(frozen=True)
class Step:
    """A state in a chain: `state` is `done`, `now` or empty for what is still to come; `note` says who and when."""

    label: Words
    state: str = ""
    note: Words = ""


@dataclass(frozen=True)
class StageBar:
    """Where the stage stands. `steps` are the states of its mode; `next` says the next date."""

    name: str
    steps: tuple[Step, ...]
    next: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with its name and where it comes from. `swatch` (`k1`..`k6`) ties it to a chart's colour."""

    label: Words
    value: Words
    note: Words = ""
    swatch: str = ""


@dataclass(frozen=True)
class ReckonLine:
    """A line of a reckoning. `kind`: empty, `off` (not counted, says why), `sum`, `cut` or `net`."""

    label: Words
    amount: str
    why: Words = ""
    kind: str = ""


@dataclass(frozen=True)
class Progress:
    """Long work that may be left and found again. `percent` 0 to 100; `poll_url` answers with the same piece."""

    title: Words
    percent: int
    done: Words = ""
    left: Words = ""
    step: Words = ""
    started_by: Words = ""
    poll_url: str = ""
    running: bool = True


@dataclass(frozen=True)
class Deed:
    """A link that does or opens something: verb and object."""

    label: Words
    url: str
    icon: str = ""
    main: bool = False


@dataclass(frozen=True)
class Task:
    """A row of a worklist: how many, what, until when, one deed. `state` colours the count: empty, `wait`, `bad`.

    `more`: there may be more than were counted.
    """

    count: int
    what: Words
    url: str
    detail: Words = ""
    when: Words = ""
    urgent: bool = False
    state: str = ""
    deed: Words = ""
    main: bool = False
    more: bool = False


@dataclass(frozen=True)
class Chip:
    """A choice of a list's state with its count, or one filter to take away."""

    label: Words
    url: str
    current: bool = False
    removes: bool = False


def chain(
    labels: Sequence[tuple[str, Words]], current: str, notes: Mapping[str, Words] | None = None
) -> tuple[Step, ...]:
    """Steps from (code, label) pairs in order: all before `current` done, itself now, the rest to come.

    An unknown `current` leaves every step to come.
    """
    codes = [code for code, _ in labels]
    at = codes.index(current) if current in codes else -1
    told = notes or {}
    return tuple(
        Step(label, "done" if place < at else "now" if place == at else "", told.get(code, ""))
        for place, (code, label) in enumerate(labels)
    )


@dataclass(frozen=True)
class Empty:
    """Nothing here: what is true, when something will appear, and at most two deeds."""

    title: Words
    text: Words = ""
    deeds: tuple[Deed, ...] = field(default=())
