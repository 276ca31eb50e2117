"""Why a family of a run is paid nothing, as one short code: for counting, whatever the number of families.

A run says it by decision and reason bits. Where several bits are true the first of the list below stands: what ended
for good before what may still be put right.
"""

from __future__ import annotations

from harapan.engine.reasons import LineReason
from harapan.engine.tables import Decision

OVER = LineReason.OVER_BIRTHS_MAX | LineReason.OVER_MEMBERS_MAX | LineReason.OVER_PERSONS_MAX
WITHOUT_COMPONENT = (
    (LineReason.FINISHED_SCHOOL, "finished_school"),
    (LineReason.AGE_ABOVE, "age_above"),
    (LineReason.AGE_BELOW, "age_below"),
    (OVER, "over_limit"),
    (LineReason.NOT_AT_SCHOOL, "not_at_school"),
    (LineReason.BIRTH_UNKNOWN, "birth_unknown"),
    (LineReason.COMPONENT_ABSENT, "component_absent"),
)
BY_DECISION = {
    Decision.NO_MEMBERS: "no_members",
    Decision.OTHER_CHANNEL: "other_channel",
    Decision.CHANNEL_UNKNOWN: "channel_unknown",
    Decision.ALL_CUT: "all_cut",
}
NO_COMPONENT = "no_component"  # nobody in it was ever near to counting
ON_LIST_AT_NOUGHT = "listed_nought"  # a received list named the family with no amount
# beside the codes of a run, of families that one side does not know
MEMBERSHIP_ENDED, NEWLY_ENROLLED, NOT_LISTED = "membership_ended", "newly_enrolled", "not_listed"


def sql(alias: str) -> str:
    """SQL: the code for a row with `decision`, `reasons` and `net_idr`; null where something is paid, or no row."""
    bits = " ".join(f"WHEN {alias}.reasons & {int(flags)} <> 0 THEN '{code}'" for flags, code in WITHOUT_COMPONENT)
    decisions = " ".join(f"WHEN {alias}.decision = {int(each)} THEN '{code}'" for each, code in BY_DECISION.items())
    return (
        f"CASE WHEN {alias}.family_id IS NULL OR {alias}.net_idr > 0 THEN NULL "
        f"WHEN {alias}.decision = 0 THEN '{ON_LIST_AT_NOUGHT}' "
        f"{decisions} {bits} ELSE '{NO_COMPONENT}' END"
    )
