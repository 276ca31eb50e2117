"""Taking a demonstration out again. Only the owner may: nobody else can empty tables of people and money."""

from __future__ import annotations

from django.apps import apps
from django.db import connections, transaction

from harapan.database.roles import quoted
from harapan.demo.staffing import DEMO_ADDRESS

# everything of people and money, whatever those packages add in time; regions, users and the log are not among them
EMPTIED = ("intake", "payments", "benefits", "verification", "p2k2", "registry", "files")

_PARTITIONS = """
    SELECT part.relname FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid
    WHERE i.inhparent IN ('benefits_entitlement'::regclass, 'benefits_line'::regclass, 'payments_order'::regclass)"""


def empty() -> None:
    """Empty the tables of people and money and remove the demonstration's users, in one transaction of the owner."""
    models = [model for label in EMPTIED for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    # unmanaged ones are views, or partitions, which go as a whole
    tables = ", ".join(quoted(model._meta.db_table) for model in models if model._meta.managed)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true), set_config('harapan.via', 'demo', true)")
        cursor.execute(_PARTITIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {quoted(name)}")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("INSERT INTO registry_group (id, name, leader_name) VALUES (0, 'Belum berkelompok', '')")
        of_demo = "SELECT id FROM accounts_user WHERE email LIKE %s"
        for statement in (
            f"DELETE FROM accounts_acting WHERE substitute_id IN ({of_demo})",  # noqa: S608  (a constant)
            f"DELETE FROM accounts_post WHERE user_id IN ({of_demo})",  # noqa: S608
            f"DELETE FROM accounts_clearance WHERE user_id IN ({of_demo})",  # noqa: S608
            f"DELETE FROM mfa_authenticator WHERE user_id IN ({of_demo})",  # noqa: S608
            "DELETE FROM accounts_user WHERE email LIKE %s",
        ):
            cursor.execute(statement, [f"%{DEMO_ADDRESS}"])
