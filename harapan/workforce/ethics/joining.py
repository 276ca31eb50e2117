"""Several reports about one person become one case, before the accused is called."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.workforce.ethics.handling import advance, locked, own
from harapan.workforce.ethics.queries import open_cases
from harapan.workforce.models import EthicsCase, EthicsDeed, EthicsEvidence, EthicsMessage, EthicsReport, Step

JOINED = (Step.RECEIVED, Step.VERIFIED, Step.EXAMINED)  # later the accused knows of it, and would meet a second one


def others_about(case: EthicsCase, *, post: Post) -> QuerySet[EthicsCase]:
    """Further open cases about the same person in the reach of the post."""
    if case.person_id is None:
        return EthicsCase.objects.none()
    return open_cases(post).filter(person=case.person_id).exclude(pk=case.pk).order_by("pk")


def join(case_id: int, into_id: int, *, by: User, on: date) -> EthicsCase:
    """Put what was told in one case into another about the same person; the first is closed and says where it went.

    Every reporter goes on asking with number and word, and hears of the case that took theirs; each keeps their keeper.
    Raises NotYourCase, StepPassed, and Refused where the cases are about two people or handled by somebody else.
    """
    with atomic():
        for number in sorted((case_id, into_id)):  # two who join crosswise follow one another
            locked(number, *JOINED)
        case, into = own(case_id, by, *JOINED), own(into_id, by, *JOINED)
        if case.pk == into.pk or case.person_id is None or case.person_id != into.person_id:
            raise Refused(
                "Perkara {one} dan {other} bukan tentang orang yang sama. Kenali dahulu orangnya di keduanya.",
                one=case.number, other=into.number,
            )  # fmt: skip
        for model in (EthicsReport, EthicsMessage, EthicsEvidence):
            model.objects.filter(case=case).update(case=into)
        EthicsDeed.objects.create(
            case=into, step=into.step, done_by=by, done_on=on, note=f"Digabung dari {case.number}."
        )
        why = f"Digabung ke {into.number}, perkara tentang orang yang sama."
        advance(case, Step.CLOSED, by=by, on=on, late_because=why, closed_why=why, joined_to=into)
        log.record("ethics_case.joined", kind="ethics_case", subject=into.pk, body={"from": case.pk})
    return into
