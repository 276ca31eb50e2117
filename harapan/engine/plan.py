"""The steps of a stage in their order, compiled once to the SQL of an engine: the text is the same for every range.

The text reads tables of the names in `tables.INPUTS` and of the tables made before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from harapan.core.errors import Refused
from harapan.engine.law import refuse_unusable
from harapan.engine.steps.claims import claims
from harapan.engine.steps.conditions import conditions, confirmed_months
from harapan.engine.steps.counting import amounts, counting, crowded
from harapan.engine.steps.entitlement import adjusted, cuts, entitlements, gross, households, of_channel, sizes
from harapan.engine.tables import CLAIMS, CONFIRMED, CROWDED, ENTITLEMENTS, INPUTS, SIZES, WATCHED
from harapan.policy.stage_rules import StageRules

DIALECTS = {"duckdb": "duckdb", "spark": "pyspark"}  # engine -> what Ibis calls its SQL
SQL_TYPES = {pa.int8(): "tinyint", pa.int32(): "int", pa.int64(): "bigint", pa.bool_(): "boolean"}
IBIS_TYPES = {pa.int8(): "!int8", pa.int32(): "!int32", pa.int64(): "!int64", pa.bool_(): "!boolean"}

# Each mutate stays a select of its own: fused, Ibis writes a column's formula out again wherever it is used.
ibis.options.sql.fuse_selects = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The SQL of one stage."""

    confirmed: str  # made once a run
    tables: dict[str, str]  # made for every range, in this order; the last one is "entitlements"
    kept: dict[str, str]  # single steps wanted for a look at them


@lru_cache(maxsize=64)
def plan(rules: StageRules, *, keep: tuple[str, ...] = (), dialect: str = "duckdb") -> Plan:
    """Compose and compile the steps for the law of one stage. Refuses unusable rules and unknown steps."""
    refuse_unusable(rules)
    given = {name: _unbound(name, schema) for name, schema in INPUTS.items()}
    made = {"sizes": SIZES, "claims": CLAIMS, "crowded": CROWDED, "watched": WATCHED, "entitlements": ENTITLEMENTS}
    steps = _steps(given | {name: _unbound(name, schema) for name, schema in made.items()}, rules)
    unknown = [name for name in keep if name not in steps]
    if unknown:
        raise Refused(
            "Langkah {unknown} tidak ada. Pilih salah satu dari: {steps}.", unknown=unknown[0], steps=", ".join(steps)
        )
    return Plan(
        confirmed=_typed(confirmed_months(given["facility_months"], rules), CONFIRMED, dialect),
        tables={name: _typed(steps[name], schema, dialect) for name, schema in made.items()},
        kept={name: ibis.to_sql(steps[name], dialect=dialect) for name in keep},
    )


def source(schema: pa.Schema, reads: str, where: str = "") -> str:
    """A select that gives exactly the columns and types of the schema from anything that can stand behind FROM."""
    casts = ", ".join(f"cast({field.name} as {SQL_TYPES[field.type]}) as {field.name}" for field in schema)
    return f"select {casts} from {reads} {where}"  # noqa: S608 - our own names only


def _steps(tables: dict[str, ir.Table], rules: StageRules) -> dict[str, ir.Table]:
    """Every step, in order, from the tables the run makes on the way."""
    families, members = tables["families"], tables["members"]
    if rules.channel != "all":
        members = members.semi_join(families.filter(of_channel(families, rules)), "family_id")
    confirmed = _unbound("confirmed", CONFIRMED)
    steps = {"sizes": sizes(tables["members"]), "claims": claims(members, rules)}
    steps["crowded"] = crowded(tables["claims"], rules)
    steps["counting"] = counting(tables["claims"], tables["crowded"], rules)
    steps["conditions"] = conditions(steps["counting"], tables["observations"], confirmed, rules)
    steps["watched"] = amounts(steps["conditions"], rules)
    steps["households"] = households(families, tables["sizes"], tables["watched"], rules)
    steps["gross"] = gross(steps["households"], rules)
    steps["cuts"] = cuts(steps["gross"], rules)
    steps["adjusted"] = adjusted(steps["cuts"], tables["adjustments"], rules)
    steps["entitlements"] = entitlements(steps["adjusted"], rules)
    return steps


def _unbound(name: str, schema: pa.Schema) -> ir.Table:
    return ibis.table({field.name: IBIS_TYPES[field.type] for field in schema}, name=name)


def _typed(step: ir.Table, schema: pa.Schema, dialect: str) -> str:
    """Engines widen as they like (a SUM of bigint is 128 bits in DuckDB), and Ibis drops casts it thinks needless."""
    return source(schema, f"({ibis.to_sql(step, dialect=dialect)}) as step")
