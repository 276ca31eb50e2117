"""Whose eyes see findings: the person's first, then those of the place; checks are seen by the person when made."""

from django.conf import settings
from django.db import migrations

from harapan.database.rls import SIGNED, Open, Own, Protect
from harapan.database.roles import role

ACTOR = "nullif(current_setting('harapan.actor', true), '')::bigint"
TABLES = ("performance_finding", "performance_findingrecord", "performance_findinganswer")


def _role(shape: str) -> str:
    return role(settings.ROLE_PREFIX, shape)


def _readers() -> str:
    return ", ".join(_role(shape) for shape in ("region", "regions", "groups", "nation"))


def _own(table: str) -> Own:
    return Own(table, column="person_id", also=True)


def _first_to_the_person() -> list[str]:
    """Beside the place's policies, and'ed with them: until it is released only the person concerned sees a finding."""
    released = "EXISTS (SELECT FROM performance_finding f WHERE f.id = finding_id AND f.released)"
    return [
        f"CREATE POLICY first_to_the_person ON {table} AS RESTRICTIVE TO {_readers()}"
        f" USING (person_id = {ACTOR} OR {released if table != TABLES[0] else 'released'})"
        for table in TABLES[:2]
    ]


def _own_checks() -> list[str]:
    """The person sees a check visit when it has a result, so that it is not announced."""
    placed = ", ".join(_role(shape) for shape in ("region", "regions", "groups"))
    return [
        f"CREATE POLICY own ON performance_checkvisit FOR SELECT TO {placed}"
        f" USING ({SIGNED} AND person_id = {ACTOR} AND result <> '')"
    ]


class Migration(migrations.Migration):
    dependencies = [("performance", "0001_initial"), ("audit", "0001_entries_and_seals")]
    operations = [
        Protect("performance_finding", group=None, audited="finding", rights="SELECT, INSERT, UPDATE"),
        _own("performance_finding"),
        Protect("performance_findingrecord", group=None, audited=None),
        _own("performance_findingrecord"),
        Protect("performance_findinganswer", group=None, audited="finding_answer", rights="SELECT, INSERT"),
        _own("performance_findinganswer"),
        Protect("performance_personmonth", group=None, audited=None),
        Protect("performance_checkdraw", group=None, audited="check_draw", rights="SELECT, INSERT"),
        Protect("performance_checkvisit", group=None, audited="check_visit", rights="SELECT, INSERT, UPDATE"),
        Protect("performance_checkphotograph", group=None, audited="check_photograph", rights="SELECT, INSERT"),
        Open("performance_integrityrun", rights="SELECT, INSERT, UPDATE"),
        Open("performance_indicatorweight", rights="SELECT, INSERT", audited="indicator_weight"),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (*_first_to_the_person(), *_own_checks())),
    ]
