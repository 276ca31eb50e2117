"""From what is approved, let go or asked again to files that can be handed over: orders drawn, every file written."""

from __future__ import annotations

from datetime import date

from harapan.benefits.models import Stage
from harapan.database.scope import Scope, put_on
from harapan.payments import files, ordering
from harapan.payments.files import Told
from harapan.payments.models import Instruction, PaymentFile


def instruct(
    stage: Stage, *, again: bool = False, actor: int, on: date, why: str = "", told: Told | None = None
) -> tuple[Instruction, int]:
    """Draw orders (`again`: the second attempts that were asked for) and write their files; how many were written.

    Files that an earlier call left unwritten are finished first, and nothing is drawn then: a kill between the two
    steps, or a second click, draws nothing twice. Raises as `ordering.draw` and `files.write_files`. Puts on the batch
    scope itself.
    """
    with put_on(Scope.batch(actor=actor), read_only=True):
        instruction = unwritten(stage)
    if instruction is None:
        draw = ordering.draw_retries if again else ordering.draw
        instruction = draw(stage, actor=actor, on=on, why=why)
    return instruction, files.write_files(instruction, actor=actor, on=on, told=told)


def unwritten(stage: Stage) -> Instruction | None:
    """An instruction that was drawn and whose files are not all written."""
    file = PaymentFile.objects.filter(stage=stage, written_at=None).select_related("instruction__stage").first()
    return file.instruction if file else None
