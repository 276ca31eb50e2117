"""Long work as the piece `ui/run.html` shows it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from harapan.jobs.models import Work
from harapan.ui import parts
from harapan.ui.words import clock


def shown(work: Work | None, *, title: str, poll_url: str) -> parts.Progress:
    """The work as far as it is; None is work that is not known yet to whoever looks."""
    if work is None:
        return parts.Progress(title, 0, step=_("sedang dikerjakan"), poll_url=poll_url)
    begun = _("dimulai pukul %(clock)s") % {"clock": clock(work.started_at)} if work.started_at else ""
    return parts.Progress(
        title, work.percent or 0, done=work.message, left=begun, step=work.get_state_display(),
        poll_url=poll_url, running=not work.ended,
    )  # fmt: skip
