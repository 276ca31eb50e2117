"""The typed tables that go into a run and come out of it. `docs/engine.md` says the same for people.

No column is null, none is a float, an unsigned number, an enum or a date: DuckDB and Spark read these alike. Money is
whole rupiah. Codes are small numbers with a word for each below; a code that is not listed refuses the run.
"""

from __future__ import annotations

from enum import IntEnum

import pyarrow as pa


class Channel(IntEnum):
    """How a family is paid (families.channel)."""

    UNKNOWN = 0
    BANK = 1
    POS = 2


class Outcome(IntEnum):
    """What was seen of a member's obligation in a month. All but MET may be rows of `observations`."""

    UNKNOWN = 0  # nobody confirmed the month, or the facility confirmed it and left this member out
    MET = 1
    MISSED = 2
    EXCUSED = 3


class Decision(IntEnum):
    """What became of a family (entitlements.decision)."""

    DUE = 1  # net_idr is above zero
    NO_COMPONENT = 2  # nobody in the family can be counted in this stage, and nothing is made up for
    NO_MEMBERS = 3  # not computed: no member of the family is known
    OTHER_CHANNEL = 4  # not computed: the family is paid in the calendar of another channel
    CHANNEL_UNKNOWN = 5  # not computed: the stage is for one channel and the family's is not known
    ALL_CUT = 6  # something was due and all of it was cut


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns.items()])


FAMILIES = _table(
    family_id=pa.int64(),
    region_no=pa.int64(),  # village code as a number, as of the freeze; carried through
    group_id=pa.int64(),  # 0 = in no group; carried through
    category=pa.int8(),  # which flat or fixed amount: 0 = any other family
    channel=pa.int8(),  # Channel
)
MEMBERS = _table(
    family_id=pa.int64(),
    member_id=pa.int64(),
    born_ymd=pa.int32(),  # year*10000 + month*100 + day; 0 = not known
    school_level=pa.int8(),  # registered and active at school: 3, 4, 5 = that component; 0 = not
    finished_school=pa.bool_(),  # twelve years of school are completed
    pregnant=pa.bool_(),  # pregnant or within 42 days after birth
    pregnancy_no=pa.int8(),  # which pregnancy within the programme; 0 = not known
    severe_disability=pa.bool_(),
    human_rights=pa.bool_(),  # victim or heir of a gross violation of human rights
    listed_component=pa.int8(),  # component the centre's list names for the member; 0 = none
    facility_id=pa.int64(),  # school or health post that confirms the member; 0 = not known
)
OBSERVATIONS = _table(
    family_id=pa.int64(),
    member_id=pa.int64(),
    month=pa.int32(),  # year*100 + month
    outcome=pa.int8(),  # Outcome but MET; several for one month: EXCUSED stands, then MISSED
)
FACILITY_MONTHS = _table(
    facility_id=pa.int64(),
    month=pa.int32(),  # the facility confirmed this month; a month without a row is unknown for all its members
)
ADJUSTMENTS = _table(
    family_id=pa.int64(),  # at most one row a family; most have none
    back_pay_idr=pa.int64(),  # owed to the family from earlier stages
    recovery_idr=pa.int64(),  # owed by the family from earlier stages
)
INPUTS = {
    "families": FAMILIES,
    "members": MEMBERS,
    "observations": OBSERVATIONS,
    "facility_months": FACILITY_MONTHS,
    "adjustments": ADJUSTMENTS,
}
MAY_BE_ABSENT = frozenset({"adjustments"})  # a snapshot without such files has no such rows

ENTITLEMENTS = _table(
    family_id=pa.int64(),
    region_no=pa.int64(),
    group_id=pa.int64(),
    decision=pa.int8(),  # Decision
    gross_idr=pa.int64(),  # before cuts, back-pay included
    cut_idr=pa.int64(),  # gross_idr - net_idr: the sanction and what is recovered
    net_idr=pa.int64(),  # what the family is due
    back_pay_idr=pa.int64(),  # part of gross_idr that makes up for earlier stages
    recovered_idr=pa.int64(),  # part of cut_idr that was owed from earlier stages
    reasons=pa.int64(),  # reasons.FamilyReason, with the reasons of all its lines
)
LINES = _table(
    family_id=pa.int64(),
    member_id=pa.int64(),
    component=pa.int8(),  # core.components.Component; 0 = none, and `reason` says why
    annual_idr=pa.int64(),
    stage_idr=pa.int64(),  # what the member would bring in this stage; 0 under a flat amount
    counted=pa.bool_(),
    reason=pa.int32(),  # reasons.LineReason and the months
)
OUTPUTS = {"entitlements": ENTITLEMENTS, "lines": LINES}
KEYS = {"entitlements": ("family_id",), "lines": ("family_id", "member_id")}

# Between the steps, each made once a range. One row per member who is, or is taken to be, of a component:
CLAIMS = _table(
    family_id=pa.int64(),
    member_id=pa.int64(),
    facility_id=pa.int64(),
    component=pa.int8(),
    eligible=pa.bool_(),
    reason=pa.int32(),
)
CROWDED = _table(family_id=pa.int64())  # more eligible lines than a limit allows
WATCHED = pa.schema(
    [
        *LINES,
        *_table(
            eligible=pa.bool_(),
            watched=pa.bool_(),  # this member's missed months may cut the family
            failed=pa.int32(),  # bit set: months that count as missed
        ),
    ]
)
SIZES = _table(family_id=pa.int64(), members_n=pa.int64())
CONFIRMED = _table(facility_id=pa.int64(), confirmed=pa.int32())  # bit set of observed months; once a run
