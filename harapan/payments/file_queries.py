"""Payment instructions and their files as pages list them: sums per payer, and how far each file is answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from harapan.benefits.models import Stage
from harapan.database.scope import active_alias
from harapan.payments.enums import Standing
from harapan.payments.models import Hold, Instruction, Order, PaymentFile, RetryRequest, TreasuryDocument
from harapan.payments.treasury import BEFORE

Kind = TreasuryDocument.Kind


@dataclass(frozen=True, slots=True)
class Payer:
    """What the files of one instruction ask one payer to pay, in the reader's scope, and the papers about it."""

    name: str
    files: int
    written: int
    handed_over: int
    orders: int
    amount_idr: int
    papers: dict[Kind, TreasuryDocument] = field(default_factory=dict)

    @property
    def wanted(self) -> Kind | None:
        """The paper that comes next; None when all three are there."""
        return next((kind for kind in Kind if kind not in self.papers), None)

    @property
    def before(self) -> TreasuryDocument | None:
        """The paper that the next one follows."""
        needed = BEFORE.get(self.wanted) if self.wanted else None
        return self.papers.get(needed) if needed else None

    @property
    def in_order(self) -> list[tuple[Kind, TreasuryDocument | None]]:
        return [(kind, self.papers.get(kind)) for kind in Kind]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An instruction with its payers."""

    instruction: Instruction
    payers: list[Payer]

    def awaiting(self, kind: Kind) -> list[Payer]:
        """The payers whose next paper is of this kind."""
        return [payer for payer in self.payers if payer.wanted == kind]

    @property
    def next_papers(self) -> list[tuple[Kind, list[Payer]]]:
        """Each paper that is waited for, with the payers that wait for it."""
        return [(kind, self.awaiting(kind)) for kind in Kind if self.awaiting(kind)]

    @property
    def files(self) -> int:
        return sum(payer.files for payer in self.payers)

    @property
    def written(self) -> int:
        return sum(payer.written for payer in self.payers)

    @property
    def handed_over(self) -> int:
        return sum(payer.handed_over for payer in self.payers)

    @property
    def orders(self) -> int:
        return sum(payer.orders for payer in self.payers)

    @property
    def amount_idr(self) -> int:
        return sum(payer.amount_idr for payer in self.payers)


def drawn(stage: Stage, *, number: int | None = None) -> list[Drawn]:
    """The instructions of a stage, the latest first, or the one of that number. Three queries."""
    found = Instruction.objects.filter(stage=stage).select_related("by", "stage").order_by("-number")
    instructions = list(found if number is None else found.filter(number=number))
    papers: dict[tuple[int, str], dict[Kind, TreasuryDocument]] = defaultdict(dict)
    for paper in TreasuryDocument.objects.filter(instruction__in=instructions).select_related("by"):
        papers[paper.instruction_id, paper.payer][Kind(paper.kind)] = paper
    payers: dict[int, list[Payer]] = defaultdict(list)
    files = PaymentFile.objects.filter(instruction__in=instructions).order_by("payer").values("instruction", "payer")
    for row in files.annotate(
        files=Count("pk"), written=Count("pk", filter=Q(written_at__isnull=False)),
        handed_over=Count("pk", filter=Q(handed_over_at__isnull=False)), orders=Sum("rows"), idr=Sum("amount_idr"),
    ):  # fmt: skip
        payers[row["instruction"]].append(
            Payer(
                row["payer"], row["files"], row["written"], row["handed_over"], row["orders"], int(row["idr"]),
                papers[row["instruction"], row["payer"]],
            )
        )  # fmt: skip
    return [Drawn(each, payers[each.pk]) for each in instructions]


def retries_waiting(stage: Stage) -> int:
    """Families for which another attempt was asked and not drawn yet, in scope. One query."""
    return RetryRequest.objects.filter(stage=stage, drawn=None).count()


def let_go(stage: Stage) -> int:
    """Families of a computed stage whose hold was lifted and who have no order yet. One query."""
    ordered = Order.objects.filter(stage=OuterRef("stage"), family=OuterRef("family"))
    held = Hold.objects.filter(stage=OuterRef("stage"), family=OuterRef("family"), lifted_on=None)
    released = Hold.objects.filter(stage=stage, lifted_on__isnull=False, amount_idr__gt=0)
    found = released.filter(~Exists(ordered), ~Exists(held)).aggregate(n=Count("family", distinct=True))
    return int(found["n"])


def files_of_payers(stage: Stage) -> QuerySet[PaymentFile]:
    """The payment files of a stage in scope, for lists."""
    return PaymentFile.objects.filter(stage=stage).select_related("instruction", "handed_over_by")


@dataclass(frozen=True, slots=True)
class Answers:
    """How far a file is answered: standing -> orders and rupiah."""

    of: dict[Standing, tuple[int, int]]

    @property
    def answered(self) -> int:
        return sum(orders for standing, (orders, _) in self.of.items() if standing != Standing.UNANSWERED)

    @property
    def answered_idr(self) -> int:
        return sum(idr for standing, (_, idr) in self.of.items() if standing != Standing.UNANSWERED)

    @property
    def unanswered(self) -> int:
        return self.of.get(Standing.UNANSWERED, (0, 0))[0]

    @property
    def rows(self) -> list[tuple[Standing, int, int]]:
        return [(standing, *self.of[standing]) for standing in Standing if standing in self.of]


# each order by its own latest answer: a later attempt is another file's
_ANSWERS = """
    SELECT o.file_id, coalesce(a.outcome, 0), count(*), sum(o.amount_idr)::bigint
    FROM payments_order o
    LEFT JOIN LATERAL (
        SELECT s.outcome FROM payments_settlementline s
        WHERE s.stage_id = o.stage_id AND s.family_id = o.family_id AND s.wave = '' AND s.attempt = o.attempt
        ORDER BY s.id DESC LIMIT 1
    ) a ON true
    WHERE o.stage_id = %s AND o.file_id = ANY(%s)
    GROUP BY 1, 2"""


def answers_to(stage: Stage, files: Iterable[PaymentFile]) -> dict[int, Answers]:
    """File number -> its answers so far, for files that were handed over. One query."""
    sent = [file.pk for file in files if file.handed_over_at is not None]
    found: dict[int, dict[Standing, tuple[int, int]]] = {pk: {} for pk in sent}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_ANSWERS, [stage.pk, sent])
        for file, outcome, orders, idr in cursor.fetchall():
            found[file][Standing(outcome)] = (orders, int(idr))
    return {pk: Answers(of) for pk, of in found.items()}
