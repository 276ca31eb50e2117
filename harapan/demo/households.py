"""Who lives together in one invented family: relations, sexes and ages, before they have names and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import accumulate
from random import Random
from typing import NamedTuple

from harapan.core.components import Component
from harapan.demo.province import Province

SIZE_MAX = 9
TRIES_MAX = 20


class Called(IntEnum):
    """Which list a name comes from."""

    WOMAN = 0
    MAN = 1
    GIRL = 2
    BOY = 3


class Person(NamedTuple):
    """One member to be: `relation` to the head (head, wife, child, grandchild, parent), `age` in years and fractions.

    `component` is 0 or a Component, `grade` the school class 1-12 or 0.
    """

    relation: str
    called: Called
    age: float
    component: int = 0
    grade: int = 0


class Households:
    """Draws families that have at least one component, in the shares of the province."""

    def __init__(self, province: Province, chance: Random, *, school_year_age: float) -> None:
        """`school_year_age`: how many years before the day of the demonstration the school year began (0 to 1)."""
        self._province, self._chance, self._since_july = province, chance, school_year_age
        self._kinds = [getattr(self, f"_{kind}") for kind in province.households]
        self._kind_weights = list(accumulate(province.households.values()))
        self._counts = list(province.children)
        self._count_weights = list(accumulate(province.children.values()))

    def draw(self) -> list[Person]:
        """The members of one family, head first."""
        for _ in range(TRIES_MAX):
            (kind,) = self._chance.choices(self._kinds, cum_weights=self._kind_weights)
            people = [self._with_component(person) for person in kind()][:SIZE_MAX]
            if any(person.component for person in people):
                return people
        return [*people[: SIZE_MAX - 1], Person("child", Called.GIRL, 8.5, Component.PRIMARY, grade=2)]

    def _couple(self) -> Iterator[Person]:
        mother = self._chance.triangular(21, 56, 40)
        yield Person("head", Called.MAN, mother + self._chance.uniform(0, 9))
        yield Person("wife", Called.WOMAN, mother)
        yield from self._children(mother, "child")
        if self._chance.random() < 0.10:
            old = min(94.0, mother + self._chance.uniform(20, 36))
            yield Person("parent", Called.WOMAN if self._chance.random() < 0.7 else Called.MAN, old)

    def _mother_alone(self) -> Iterator[Person]:
        mother = self._chance.triangular(24, 57, 43)
        yield Person("head", Called.WOMAN if self._chance.random() < 0.92 else Called.MAN, mother)
        yield from self._children(mother, "child")

    def _grandparents(self) -> Iterator[Person]:
        grandmother = self._chance.uniform(52, 76)
        if self._chance.random() < 0.6:
            yield Person("head", Called.MAN, grandmother + self._chance.uniform(0, 8))
            yield Person("wife", Called.WOMAN, grandmother)
        else:
            yield Person("head", Called.WOMAN, grandmother)
        yield from self._children(grandmother - 22, "grandchild")

    def _elderly(self) -> Iterator[Person]:
        age = self._province.ages["elderly"] + self._chance.triangular(0, 22, 3)
        if self._chance.random() < 0.45:
            yield Person("head", Called.MAN, age + self._chance.uniform(-2, 6))
            yield Person("wife", Called.WOMAN, age)
        else:
            yield Person("head", Called.WOMAN if self._chance.random() < 0.8 else Called.MAN, age)

    def _disability(self) -> Iterator[Person]:
        people = list(self._couple())
        place = self._chance.randrange(len(people))
        for at, person in enumerate(people):
            yield person._replace(component=Component.DISABILITY) if at == place and person.age > 3 else person

    def _children(self, mother: float, relation: str) -> Iterator[Person]:
        """Youngest first drawn, then the elder ones some years apart; whoever has grown up lives elsewhere."""
        (count,) = self._chance.choices(self._counts, cum_weights=self._count_weights)
        oldest = max(1.0, min(17.5, mother - 19))
        age = self._chance.triangular(0, oldest, oldest * 0.68)
        ages = []
        for _ in range(count):
            ages.append(age)
            age += self._chance.triangular(1.2, 6, 3)
            if age > min(24.0, mother - 17):
                break
        for each in reversed(ages):
            yield Person(relation, Called.GIRL if self._chance.random() < 0.49 else Called.BOY, each)

    def _with_component(self, person: Person) -> Person:
        ages, chance = self._province.ages, self._chance
        if person.component:
            return person
        if person.age > 6 and chance.random() * 100 < self._province.disability_percent:
            return person._replace(component=int(Component.DISABILITY))
        if person.age >= ages["elderly"]:
            return person._replace(component=int(Component.ELDERLY))
        if person.relation in ("child", "grandchild"):
            return self._at_school(person)
        if person.called is Called.WOMAN and person.relation != "parent" and person.age < 43:
            if chance.random() * 100 < self._province.pregnant_percent:
                return person._replace(component=int(Component.PREGNANT))
        return person

    def _at_school(self, person: Person) -> Person:
        first = self._province.ages["primary"]
        grade = int(person.age - self._since_july) - first + 1
        if grade < 1 and person.age < first:
            return person._replace(component=int(Component.TODDLER))
        if person.age >= self._province.ages["adult"] + 2 or grade > 12:
            return person
        if grade > 1 and self._chance.random() < 0.12:
            grade -= 1
        grade = max(1, grade)
        level, code = _LEVELS[(grade > 6) + (grade > 9)]
        if self._chance.random() * 100 < self._province.dropout_percent[code]:
            return person
        return person._replace(component=int(level), grade=grade)


_LEVELS = ((Component.PRIMARY, "primary"), (Component.JUNIOR, "junior"), (Component.SENIOR, "senior"))
