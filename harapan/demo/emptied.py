"""Taking a demonstration out again. Only the owner may: nobody else can empty tables of people and money."""

from __future__ import annotations

import shutil

from django.apps import apps
from django.db import connections, transaction

from harapan.database import places
from harapan.database.roles import quoted
from harapan.demo.staffing import DEMO_ADDRESS

# everything of people and money, whatever those packages add in time; regions, users and the log are not among them
EMPTIED = (
    "intake", "performance", "fieldwork", "payments", "benefits", "verification", "p2k2", "training", "workforce",
    "registry", "files",
)  # fmt: skip
FOLDERS = ("files", "snapshots", "runs")

# partitions of runs and orders, and the bare tables that a killed run left
PARTITIONS = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname ~ '^(benefits_(entitlement|line)_r|payments_order_[is])[0-9]+$'"""


def empty(packages: tuple[str, ...] = EMPTIED) -> None:
    """Empty the tables of people and money and remove the demonstration's users, in one transaction of the owner."""
    models = [model for label in packages for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    # unmanaged ones are views, or partitions, which go as a whole
    tables = ", ".join(quoted(model._meta.db_table) for model in models if model._meta.managed)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', true), set_config('harapan.via', 'demo', true)")
        cursor.execute(PARTITIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {quoted(name)}")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute(
            "INSERT INTO registry_group (id, name, leader_name) VALUES (0, 'Belum berkelompok', '')"
            " ON CONFLICT DO NOTHING"
        )
        of_demo = "SELECT id FROM accounts_user WHERE email LIKE %s"
        for statement in (
            f"DELETE FROM accounts_acting WHERE substitute_id IN ({of_demo})",  # noqa: S608  (a constant)
            f"DELETE FROM accounts_post WHERE user_id IN ({of_demo})",  # noqa: S608
            f"DELETE FROM accounts_clearance WHERE user_id IN ({of_demo})",  # noqa: S608
            f"DELETE FROM mfa_authenticator WHERE user_id IN ({of_demo})",  # noqa: S608
            "DELETE FROM accounts_user WHERE email LIKE %s",
        ):
            cursor.execute(statement, [f"%{DEMO_ADDRESS}"])


def empty_folders() -> None:
    """Remove what the rows that are gone had on the disk: stored files, snapshots and outputs of runs."""
    for name in FOLDERS:
        for path in places.folder(name).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
