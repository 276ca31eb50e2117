"""`harapan setup`: everything an installation needs before its first day, as steps that may be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils.module_loading import import_string

from harapan.cli.session import OWNER, refuse_half_restored, unapplied
from harapan.database import places
from harapan.regions.actions import load_regions
from harapan.regions.models import Region
from harapan.regions.source import OFFICIAL_LIST, OFFICIAL_LIST_DATE, read_regions


class Step(NamedTuple):
    """One step: what it is called on the screen, and where the function stands.

    The function returns whether there was anything to do, at once where there was not.
    """

    label: str
    function: str


STEPS = (
    Step("Tabel dan peran basis data", "harapan.cli.setup.migrate"),
    Step("Wilayah menurut kode Kemendagri", "harapan.cli.setup.load_official_regions"),
    Step("Operator sistem", "harapan.accounts.operator.ensure"),
    Step("Gaya dan gambar halaman", "harapan.cli.setup.collect_static"),
)


@click.command()
def command() -> None:
    """Siapkan basis data, wilayah, dan operator. Aman diulang: yang sudah ada tidak diubah.

    Contoh: harapan setup
    """
    run_steps(say=click.echo, also_unchanged=True)


def run_steps(*, say: Callable[[str], None], also_unchanged: bool = False) -> None:
    """Run every step in order and say what was done; one process at a time."""
    refuse_half_restored()
    with places.lock("setup"):
        for step in STEPS:
            done = import_string(step.function)()
            if done or also_unchanged:
                say(f"{step.label}: {'disiapkan' if done else 'sudah siap'}.")


def migrate() -> bool:
    """Apply what is missing of the migrations, as the owner."""
    if not unapplied():
        return False
    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    return True


def load_official_regions() -> bool:
    """Take over the list of regions that comes with this version, when it is another than the last time."""
    digest = hashlib.sha256(OFFICIAL_LIST.read_bytes()).hexdigest()
    note = places.var() / "regions.sha256"
    known = note.exists() and note.read_text() == digest
    if known and Region.objects.using(OWNER).exists():
        return False
    load_regions(read_regions(), on=OFFICIAL_LIST_DATE, using=OWNER)
    note.write_text(digest)
    return True


def collect_static() -> bool:
    """Bring styles, scripts and fonts together where the web finds them, when one is newer than last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    collected = manifest.stat().st_mtime if manifest.exists() else 0.0
    if all(changed <= collected for changed in _static_changes()):
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    return True


def _static_changes() -> list[float]:
    return [
        Path(storage.path(name)).stat().st_mtime
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    ]
