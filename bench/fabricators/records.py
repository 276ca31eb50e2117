"""What a facilitator leaves behind, as plain rows: meetings, photographs, and months of schools and health posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

PRESENT, SICK, EXCUSED, ABSENT, REPRESENTED = 1, 2, 3, 4, 5
Place = tuple[float, float]  # latitude, longitude


@dataclass(slots=True)
class Photo:
    """`looks`: 64 bits that stand for how the picture looks; two takes of one scene differ in few of them."""

    digest: int
    looks: int
    taken_at: datetime | None = None
    place: Place | None = None


@dataclass(slots=True)
class Meeting:
    group: int
    day: date
    begins: int  # minutes of the day, as `ends`
    ends: int
    entered_at: datetime
    marks: dict[int, int]  # family -> mark
    rest: bool  # marked "semua hadir kecuali"
    photos: list[Photo] = field(default_factory=list)

    @property
    def month(self) -> int:
        return self.day.year * 100 + self.day.month

    @property
    def began_at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day) + timedelta(minutes=self.begins)  # noqa: DTZ001


@dataclass(slots=True)
class FacilityMonth:
    """`away`: member -> (absent, leave, sick) days, of those with any. A health post counts 1 as not come."""

    facility: int
    school: bool
    month: int
    days: int
    entered_at: datetime
    members: list[int]
    away: dict[int, tuple[int, int, int]]


@dataclass(slots=True)
class Group:
    no: int
    place: Place
    families: dict[int, float]  # family -> how often it comes
    weekday: int
    begins: int
    scene: int  # what its meeting place looks like


@dataclass(slots=True)
class Facility:
    no: int
    school: bool
    members: dict[int, float]  # member -> share of months with a day away
    practice: tuple[int, int, int]  # how it writes a day away: alpa, izin, sakit
    writes: bool  # whether it writes absences down at all


@dataclass(slots=True)
class Worker:
    """A facilitator, with habits that have nothing to do with honesty. `kind` "" is honest."""

    no: int
    district: int
    home: Place
    groups: list[Group]
    facilities: list[Facility]
    enters: str  # when records are typed: there, evening, weekly, monthly
    marks_rest: bool
    tells_reasons: bool
    camera: str  # position, date, wrong_clock, nothing
    kind: str = ""
    meetings: list[Meeting] = field(default_factory=list)
    months: list[FacilityMonth] = field(default_factory=list)
