"""What a command that works with the database has around it: addresses, server, Django, tables, and who is acting."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, TypeVar

import click
import django
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.module_loading import import_string

from harapan.core.errors import Refused
from harapan.database import environment

Command = TypeVar("Command", bound=Callable[..., Any])

OWNER = "owner"
STEPS = "harapan.cli.setup.run_steps"
# resolve(username: str | None, why: str) -> whoever acts, for actions' `by=`; None names the operator made by setup.
ACTOR = "harapan.accounts.operator.resolve"


def open_for(ctx: click.Context, *, tables: bool, help_only: bool) -> None:
    """Make the database ready for the command about to be loaded and keep it until the command has ended.

    For help only Django is loaded, without any address, so that nothing is started.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harapan.settings")
    if help_only:
        django.setup()
        return
    ctx.with_resource(environment.prepare())
    django.setup()
    ctx.call_on_close(connections.close_all)
    _refuse_unreachable()
    if tables and unapplied():
        _bring_up_to_date()
    if tables:
        refuse_half_restored()


def unapplied() -> int:
    """How many migrations the database still lacks; 0 where only the logins' addresses are known.

    Mostly none, which their names tell; only where one is missing are they all loaded.
    """
    if OWNER not in connections.databases or _names_on_disk() <= _names_applied():
        return 0
    executor = MigrationExecutor(connections[OWNER])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _names_on_disk() -> set[tuple[str, str]]:
    """(app, migration), as the files are called."""
    found = set()
    for app in apps.get_app_configs():
        package, _explicit = MigrationLoader.migrations_module(app.label)
        spec = find_spec(package) if package else None
        folders = spec.submodule_search_locations if spec is not None else None
        for module in iter_modules(folders or ()):
            if not module.ispkg and module.name[0] not in "_~":
                found.add((app.label, module.name))
    return found


def _names_applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connections[OWNER]).applied_migrations())


def acting(command: Command) -> Command:
    """Options --as and --why; the command gets `by`, the person who acts, and `why`, and runs by the post's clock."""

    def resolved(ctx: click.Context, parameter: click.Parameter, username: str | None) -> Any:
        by = import_string(ACTOR)(username, why=ctx.params.get("why") or "")
        ctx.with_resource(timezone.override(by.post.zone))
        return by

    # --why is read first: whoever acts carries the reason with them.
    why = click.option("--why", metavar="TEKS", is_eager=True, help="Alasan, dicatat di jejak audit.")
    by = click.option(
        "--as", "by", metavar="PENGGUNA", callback=resolved, help="Bertindak sebagai pengguna ini (bawaan: operator)."
    )
    return why(by(command))


def _bring_up_to_date() -> None:
    if not environment.embedded_in_use():
        raise Refused(
            f"Basis data ini belum disiapkan untuk versi Harapan ini ({unapplied()} perubahan belum diterapkan). "
            "Jalankan `harapan setup` lebih dahulu."
        )
    import_string(STEPS)(say=lambda line: click.echo(line, err=True))


def refuse_half_restored() -> None:
    """A restore that was killed leaves a database in which no scope can be signed: say so before anything else does."""
    if OWNER not in connections.databases:
        return
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT to_regclass('harapan.scope_key') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # nothing is there yet
        cursor.execute("SELECT EXISTS (SELECT FROM harapan.scope_key)")
        if not cursor.fetchone()[0]:
            raise Refused("Pemulihan cadangan di pemasangan ini belum selesai. Ulangi perintah `harapan restore` tadi.")


def _refuse_unreachable() -> None:
    alias = OWNER if OWNER in connections.databases else DEFAULT_DB_ALIAS
    try:
        connections[alias].ensure_connection()
    except OperationalError as error:
        settings = connections[alias].settings_dict
        reason = str(error).strip().splitlines()[-1].strip().rstrip(".")
        raise Refused(
            f"Basis data {settings['NAME']} di {settings['HOST']}:{settings['PORT']} tidak dapat dihubungi: {reason}. "
            "Periksa bahwa servernya berjalan dan bahwa DATABASE_URL benar."
        ) from error
