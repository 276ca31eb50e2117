"""docs/differences.md as tables: which reason a gap between list and computation gets, under the law of 2025-2.

Amounts of a stage: toddler, pregnant 750.000; senior 500.000; junior 375.000; primary 225.000; elderly, disability
600.000. At most four persons; 10 % a month for a missed obligation.
"""

from __future__ import annotations

from typing import Any

import pytest

from harapan.benefits.enums import Certainty, Reason
from harapan.benefits.rules import Case, CaseLine, explain
from harapan.core.components import Component
from harapan.engine.reasons import LineReason
from harapan.engine.tables import Decision
from harapan.policy.reader import default_policy

RULES = default_policy().stage("2025-2")
AMOUNT = {rule.component: rule.stage_idr for rule in RULES.components}
FLAGS = {
    "": 0,
    "over": LineReason.OVER_PERSONS_MAX,
    "young": LineReason.AGE_BELOW,
    "old": LineReason.AGE_ABOVE,
    "unborn": LineReason.BIRTH_UNKNOWN,
}


def lines(words: str) -> tuple[CaseLine, ...]:
    """ "primary senior:over": members of these components; with a flag not counted, unless it is only a doubt."""
    made = []
    for number, word in enumerate(words.split(), start=1):
        code, _, flag = word.partition(":")
        component = Component[code.upper()]
        counted = flag in ("", "unborn")
        made.append(CaseLine(number, component, AMOUNT[component], counted, FLAGS[flag]))
    return tuple(made)


def case(words: str, received_idr: int, *, cut_idr: int = 0, **known: Any) -> Case:
    found = lines(words)
    gross_idr = sum(line.stage_idr for line in found if line.counted)
    about = {"members": len(found) + 1, "decision": Decision.DUE if gross_idr else Decision.NO_COMPONENT} | known
    return Case(
        received_idr=received_idr,
        lines=found,
        gross_idr=gross_idr,
        cut_idr=cut_idr,
        net_idr=gross_idr - cut_idr,
        **about,
    )


AMOUNTS = """
    members known                        | list pays | reason         | certainty
    primary                              |   225.000 | -              | -
    primary                              |   600.000 | unknown_member | likely
    primary                              |   825.000 | unknown_member | likely
    primary                              |   375.000 | component      | likely
    junior                               |   225.000 | component      | likely
    senior                               |   375.000 | component      | likely
    primary senior                       |   500.000 | component      | likely
    primary elderly                      |   225.000 | age            | possible
    primary toddler:unborn               |   225.000 | age            | likely
    primary elderly:young                |   825.000 | age            | likely
    primary toddler:old                  |   975.000 | age            | likely
    toddler elderly senior junior primary:over | 2.450.000 | cap      | likely
    toddler toddler elderly senior junior:over primary:over | 3.200.000 | cap | likely
    primary junior                       |   540.000 | attendance     | possible
    primary junior senior                |   225.000 | component      | possible
    primary                              | 1.350.000 | unknown_member | possible
    primary                              |   226.000 | not_explained  | possible
"""


def amount_rows() -> list[tuple[str, int, str, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in AMOUNTS.strip().splitlines()[1:]]
    return [(row[0], int(row[1].replace(".", "")), row[2], row[3]) for row in rows]


@pytest.mark.parametrize(("words", "received_idr", "reason", "certainty"), amount_rows())
def test_a_gap_in_the_amount_gets_its_reason(words: str, received_idr: int, reason: str, certainty: str) -> None:
    found = explain(case(words, received_idr), RULES)
    if reason == "-":
        assert found is None
    else:
        assert found is not None
        assert (found.reason, found.certainty) == (Reason(reason), Certainty[certainty.upper()])


FACTS = """
    what is known beside the amounts                        | reason       | certainty
    listed=False                                            | not_listed   | possible
    listed=False exclude=well_off desil=9 unmatched_nik=True | excluded    | certain
    listed=False unmatched_nik=True desil=9                 | nik          | likely
    listed=False desil=5                                    | desil        | likely
    listed=False desil=4                                    | not_listed   | possible
    listed=False has_account=False                          | account      | possible
"""


def fact_rows() -> list[tuple[dict[str, Any], str, str]]:
    kinds = {"True": True, "False": False}
    rows = []
    for line in FACTS.strip().splitlines()[1:]:
        known, reason, certainty = (cell.strip() for cell in line.split("|"))
        pairs = (pair.split("=") for pair in known.split())
        values = {key: kinds.get(value, int(value) if value.isdecimal() else value) for key, value in pairs}
        rows.append((values, reason, certainty))
    return rows


@pytest.mark.parametrize(("known", "reason", "certainty"), fact_rows())
def test_a_family_due_and_not_listed_gets_its_reason(known: dict[str, Any], reason: str, certainty: str) -> None:
    found = explain(case("primary", 0, **known), RULES, desil_max=4)
    assert found is not None
    assert (found.reason, found.certainty) == (Reason(reason), Certainty[certainty.upper()])


def test_nothing_can_be_said_of_amounts_where_the_family_is_not_known_well() -> None:
    listed = {"received_idr": 600_000}
    assert explain(Case(**listed, members=0, decision=Decision.NO_MEMBERS), RULES).reason == Reason.NO_MEMBERS  # type: ignore[union-attr]
    only_pengurus = Case(**listed, members=1, decision=Decision.NO_COMPONENT)
    assert explain(only_pengurus, RULES).detail == {"pengurus_only": True}  # type: ignore[union-attr]
    left = Case(**listed, members=3, decision=Decision.NO_COMPONENT, enrolled=False)
    assert explain(left, RULES).reason == Reason.NOT_ENROLLED  # type: ignore[union-attr]
    unknown_channel = Case(**listed, members=3, decision=Decision.CHANNEL_UNKNOWN)
    assert explain(unknown_channel, RULES).reason == Reason.ACCOUNT  # type: ignore[union-attr]


def test_a_cut_that_the_list_does_not_make_is_certain() -> None:
    found = explain(case("primary junior", 600_000, cut_idr=60_000), RULES)
    assert found is not None
    assert (found.reason, found.certainty) == (Reason.ATTENDANCE, Certainty.CERTAIN)
    assert found.detail == {"cut_by": "us", "amount_idr": 60_000}


def test_absences_on_record_make_a_cut_of_the_centre_likely() -> None:
    found = explain(case("primary junior", 480_000, missed_months=2), RULES)
    assert found is not None
    assert (found.reason, found.certainty) == (Reason.ATTENDANCE, Certainty.LIKELY)
    assert found.detail["months"] == 2


def test_where_the_list_names_components_it_is_certain() -> None:
    found = explain(case("primary", 375_000, listed_components=(Component.JUNIOR,)), RULES)
    assert found is not None
    assert (found.reason, found.certainty) == (Reason.COMPONENT, Certainty.CERTAIN)
    assert found.detail == {"only_listed": [Component.JUNIOR], "only_ours": [Component.PRIMARY]}


def test_the_member_and_the_component_are_named_for_the_words() -> None:
    found = explain(case("primary senior", 600_000), RULES)
    assert found is not None
    assert found.detail == {"member": 2, "component": Component.SENIOR, "listed_as": Component.JUNIOR}
