"""Whose places somebody takes: the nearest region's quota, and there the one for exactly such people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from harapan.accounts.roles import catalogue as roles
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.training.models import Batch, Enrolment, Quota
from harapan.workforce.models import Person
from harapan.workforce.models.person import NATION


@dataclass(slots=True)
class Places:
    """The quotas of a batch with how many of each are taken; `put` takes one more."""

    quotas: list[Quota]
    taken: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, batch: Batch) -> Places:
        """Two queries. Counts what the scope on shows: whoever organises sees everybody whom they invited."""
        return cls.of_each([batch])[batch.pk]

    @classmethod
    def of_each(cls, batches: Collection[Batch]) -> dict[int, Places]:
        """By the batch's number; a constant number of queries."""
        found = {batch.pk: cls([]) for batch in batches}
        rows = Quota.objects.filter(batch__in=batches).select_related("region").order_by("region_id", "who", "pk")
        for quota in rows:
            found[quota.batch_id].quotas.append(quota)
        taking = Enrolment.objects.taking().filter(batch__in=batches, quota__isnull=False)
        for batch, quota_id in taking.values_list("batch", "quota"):
            found[batch].taken[quota_id] += 1
        return found

    def quota_for(self, person: Person, kinds: Iterable[str]) -> Quota | None:
        """The quota that counts them: nearest region first, then an exact `who` before "anybody".

        kinds: the roles held and the kind of staff.
        """
        mine = {"", *kinds}
        fitting = [each for each in self.quotas if each.who in mine and _covers(each, person.region_no)]
        return max(fitting, key=lambda each: (_depth(each), bool(each.who)), default=None)

    def full(self, quota: Quota) -> bool:
        return self.taken[quota.pk] >= quota.places

    def put(self, quota: Quota) -> None:
        self.taken[quota.pk] += 1


def _covers(quota: Quota, region_no: int) -> bool:
    if quota.region_id is None:
        return region_no == NATION
    low, high = codes.range_of(quota.region_id)
    return low <= region_no < high


def _depth(quota: Quota) -> int:
    return 0 if quota.region_id is None else int(codes.level_of(quota.region_id))


def kinds_of(persons: Iterable[Person], role_codes: Mapping[int, set[str]]) -> dict[int, set[str]]:
    """Person number -> what a quota may call them. role_codes: user number -> roles held."""
    return {person.pk: role_codes.get(person.user_id or 0, set()) | {person.kind} for person in persons}


def words_of(quota: Quota | None) -> Phrase:
    """ "Kab. Tapin, pendamping"."""
    if quota is None:
        return Phrase("tempat itu")
    place = Phrase("pusat") if quota.region_id is None else _named(quota.region)
    if not quota.who:
        return Phrase("{place}", place=place)
    return Phrase("{place}, {who}", place=place, who=who_words(quota.who))


def _named(region: Region | None) -> str:
    return region.display_name if region else ""


def who_words(who: str) -> Phrase:
    """What a role or kind of staff is called."""
    if who in roles():
        return roles()[who].names[-1][1]
    return Person.Kind(who).label  # type: ignore[return-value]  # labels are phrases
