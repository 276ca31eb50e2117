"""Bringing a file in: kept as it came, every row answered, and on commit written. Rehearsal takes the same path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import IntegrityError, connections
from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.accounts.permission import demand
from harapan.audit import log
from harapan.core.errors import Misuse, Refused
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import active_alias, atomic
from harapan.exchange import layouts
from harapan.exchange.districts import unknown_districts
from harapan.exchange.writing import render_refused
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.intake import elsewhere, fitting, places, repeats
from harapan.intake.answers import Answers, store
from harapan.intake.errand import Advance, Errand, silent
from harapan.intake.layouts import LAYOUTS, Layout
from harapan.intake.models import ImportRun
from harapan.policy.reader import default_policy


class AlreadyAnswered(Refused):
    """The run was committed before, or refused whole; nothing is done twice."""


def receive(
    source: Path | bytes, *, name: str = "", layout: str, stage: str = "", facilitator: User | None = None,
    by: User, post: Post,
) -> ImportRun:  # fmt: skip
    """Keep a file as it came and open a run for it; nothing of it is read yet.

    Raises Forbidden without the permissions, Misuse for an unknown layout or a stage that is missing or unknown.
    """
    demand(post, "import.rehearse")
    kind = layout_named(layout)
    demand(post, kind.permission)
    _check_stage(kind, stage)
    region_no = post.region_nos[0] if post.region_nos else 0
    known_as = name or (source.name if isinstance(source, Path) else layout)
    with atomic():
        kept = storage.store(known_as, kind="import", contents=source, owner=by.pk, region_no=region_no)
        return ImportRun.objects.create(
            layout=kind.name, stage=stage, file=kept, facilitator=facilitator, region_no=region_no, by=by, post=post
        )


def answer(run: ImportRun, *, commit: bool, by: User, on: date, advance: Advance = silent) -> ImportRun:
    """Read the run's file, answer every row and, on commit, write what was accepted: all in one transaction.

    Whoever is killed in it leaves the run as it was; whoever comes second finds it claimed. Raises Unreadable for a
    file that cannot be read at all, AlreadyAnswered, Forbidden.
    """
    post = demand(run.post, "import.commit" if commit else "import.rehearse")
    kind = LAYOUTS[run.layout]
    demand(run.post, kind.permission)
    with atomic():
        _wait_for_others(run)
        if not ImportRun.objects.claim(run):
            raise AlreadyAnswered(
                Phrase(
                    "Berkas “{name}” sudah selesai dibaca; bawa masuk berkasnya lagi bila ada yang berubah.",
                    name=run.file.name,
                )
            )
        advance(0, 1, Phrase("Membaca berkas"))
        sheet = layouts.parse(run.layout, storage.read(run.file), file=run.file.name)
        fitting.fit(sheet)
        sheet.problems.extend(unknown_districts(sheet, places.known_districts()))
        errand = Errand(
            run, sheet, Answers(sheet), post, by, on, stage=default_policy().plan(run.stage) if run.stage else None,
            facilitator=run.facilitator, advance=advance,
        )  # fmt: skip
        repeats.skip_lines_taken_before(errand)
        if errand.open_lines:
            with _kept_only_if(commit):
                kind.take(errand)
        _conclude(errand, commit=commit)
    return run


def _wait_for_others(run: ImportRun) -> None:
    """One file of a region after the other: two at once would both add a family that both find missing."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harapan.import'), %s)", [run.region_no // 10**6])


def bring_in(
    source: Path | bytes, *, name: str = "", layout: str, stage: str = "", commit: bool = False, by: User, post: Post,
    on: date, facilitator: User | None = None, advance: Advance = silent,
) -> ImportRun:  # fmt: skip
    """`receive` and `answer` at once: what the command does with each file."""
    run = receive(source, name=name, layout=layout, stage=stage, facilitator=facilitator, by=by, post=post)
    return answer(run, commit=commit, by=by, on=on, advance=advance)


def layout_named(name: str) -> Layout:
    if name not in LAYOUTS:
        raise Misuse("Jenis daftar “{name}” tidak dikenal; yang ada: {known}.", name=name, known=", ".join(LAYOUTS))
    return LAYOUTS[name]


def _check_stage(kind: Layout, stage: str) -> None:
    if stage:
        default_policy().plan(stage)
    elif kind.needs_stage:
        raise Misuse(
            "Daftar “{kind}” dibawa masuk untuk satu tahap; sebutkan tahapnya, misalnya 2025-2.", kind=kind.name
        )


class ChangedMeanwhile(Refused):
    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Data keluarga berubah selama berkas ini dibaca, jadi tidak ada yang ditulis. Bawa masuk sekali lagi."
            )
        )


class _Rehearsed(Exception):
    """Ends a rehearsal: what it wrote is taken back."""


@contextmanager
def _kept_only_if(commit: bool) -> Iterator[None]:
    try:
        with atomic():
            yield
            with connections[active_alias()].cursor() as cursor:
                # what a commit would check at its end is checked in a rehearsal too
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            if not commit:
                raise _Rehearsed
    except _Rehearsed:
        pass
    except IntegrityError as clash:
        raise ChangedMeanwhile from clash


def _conclude(errand: Errand, *, commit: bool) -> None:
    run, answers = errand.run, errand.answers
    errand.advance(1, 1, Phrase("Mencatat jawaban"))
    if not commit:
        answers.forget_new_families(errand.new_family_ids)
    for field, count in answers.counts().items():
        setattr(run, field, count)
    run.state = ImportRun.State.COMMITTED if commit else ImportRun.State.REHEARSED
    run.answered_at = timezone.now()
    run.notice = joined(errand.notices) if errand.notices else ""
    run.refused_file = _refused_back(errand) if run.refused else None
    run.save()
    store(answers, run)
    counts = {**answers.counts(), "layout": run.layout, "stage": run.stage}
    elsewhere.record(errand)
    log.record("import.committed" if commit else "import.rehearsed", kind="import", subject=run.pk, body=counts)


def _refused_back(errand: Errand) -> StoredFile:
    run, sheet = errand.run, errand.sheet
    raw = render_refused(sheet, extra=errand.answers.refused_later)
    name = f"{Path(run.file.name).stem}-ditolak.{sheet.form}"
    return storage.store(name, kind="refused", contents=raw, owner=run.by_id, region_no=run.region_no)
