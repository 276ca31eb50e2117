"""What one import's page shows: its answer in a sentence, the counts, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.intake.layouts import LAYOUTS
from harapan.intake.models import ImportRun, Verdict
from harapan.intake.queries import Said, refused_because, remarked
from harapan.jobs.models import Work
from harapan.ui import parts
from harapan.ui.words import number

State = ImportRun.State
Tag = tuple[str, str, Any]
# state -> the look of its tag, and what the page calls it
TAGS: dict[State, Tag] = {
    State.RECEIVED: ("told", "clock", gettext_lazy("Menunggu dibaca")),
    State.RUNNING: ("told", "loader-2", gettext_lazy("Sedang dibaca")),
    State.REHEARSED: ("wait", "", gettext_lazy("Diuji, belum disimpan")),
    State.COMMITTED: ("ok", "", gettext_lazy("Tersimpan")),
    State.FAILED: ("bad", "", gettext_lazy("Tidak terbaca")),
}
# verdict -> the class of its piece of the bar, of its swatch
COLOURS = {Verdict.ACCEPTED: ("f4", "k4"), Verdict.CHANGED: ("f3", "k3"), Verdict.REFUSED: ("f5", "k5")}


def layout_title(name: str) -> str:
    return LAYOUTS[name].title if name in LAYOUTS else name


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the split bar, in rows of the file."""

    colour: str
    x: int
    width: int


@dataclass
class ImportPage:
    run: ImportRun
    post: Post

    @cached_property
    def work(self) -> Work | None:
        """The reading in the background, as far as whoever looks asked for it."""
        return Work.objects.filter(pk=self.run.work_no).first() if self.run.work_no else None

    @property
    def stuck(self) -> str:
        """Why a reading that began does not go on; empty where it does, or where there is none."""
        if not self.reading or (self.run.work_no and (self.work is None or not self.work.ended)):
            return ""
        return self.work.message if self.work else _("Pembacaan berkas ini terhenti sebelum selesai.")

    @property
    def tag(self) -> Tag:
        return TAGS[State.RUNNING if self.reading and not self.stuck else State(self.run.state)]

    @property
    def layout(self) -> str:
        return layout_title(self.run.layout)

    @property
    def answered(self) -> bool:
        return self.run.state in (State.REHEARSED, State.COMMITTED)

    @property
    def reading(self) -> bool:
        return self.run.state in (State.RECEIVED, State.RUNNING)

    @property
    def to_write(self) -> int:
        """How many rows the second button writes."""
        return self.run.accepted + self.run.changed

    @property
    def may_commit(self) -> bool:
        allowed = allows(self.post, "import.commit") and allows(self.post, LAYOUTS[self.run.layout].permission)
        return self.run.state == State.REHEARSED and allowed and self.to_write > 0

    @property
    def counts(self) -> dict[Verdict, int]:
        run = self.run
        return {
            Verdict.REFUSED: run.refused,
            Verdict.CHANGED: run.changed,
            Verdict.ACCEPTED: run.accepted,
            Verdict.UNCHANGED: run.unchanged,
        }

    def figures(self) -> tuple[parts.Figure, ...]:
        run, done = self.run, self.run.state == State.COMMITTED
        return (
            parts.Figure(
                _("Baru, diterima"), number(run.accepted), _("sudah disimpan") if done else _("siap disimpan"), "k4"
            ),
            parts.Figure(_("Berubah"), number(run.changed), _("data yang ada diperbarui"), "k3"),
            parts.Figure(_("Ditolak"), number(run.refused), _("dikembalikan dengan alasan"), "k5"),
            parts.Figure(_("Sama, dilewati"), number(run.unchanged), _("tidak disimpan ulang")),
        )

    def pieces(self) -> list[Piece]:
        """The rows that are not the same as before, side by side."""
        found, at = [], 0
        for verdict in (Verdict.ACCEPTED, Verdict.CHANGED, Verdict.REFUSED):
            rows = self.counts[verdict]
            if rows:
                found.append(Piece(COLOURS[verdict][0], at, rows))
                at += rows
        return found

    @property
    def pieces_total(self) -> int:
        return self.to_write + self.run.refused

    @cached_property
    def reasons(self) -> list[Said]:
        return refused_because(self.run) if self.run.refused else []

    @cached_property
    def remarks(self) -> list[Said]:
        return remarked(self.run)

    def verdict_shown(self, asked: str) -> Verdict | None:
        """The verdict the rows are narrowed to: the one asked for, else the first of which there are rows."""
        counts = self.counts
        if asked.isdecimal() and int(asked) in Verdict.values:
            return Verdict(int(asked))
        return next((verdict for verdict, rows in counts.items() if rows), None)
