"""The make-believe banks of the demonstration: they take payment files that were handed over, and answer them.

Their answers come in by the import that a person would use. A file that was answered already is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from harapan.core.errors import Refused
from harapan.demo.ministry import MAKER, Ministry
from harapan.demo.paying import NOBODY
from harapan.exchange.payment_file.fake import FakePayer, Habits
from harapan.exchange.settlement import codec
from harapan.exchange.settlement.words import Outcome
from harapan.files import storage
from harapan.intake.actions import bring_in
from harapan.payments.files import layout_of
from harapan.payments.models import Instruction, PaymentFile, SettlementFile
from harapan.policy.reader import default_policy

DRAWN_WITHIN_DAYS = 30
SEEN_MIN = 10  # failures, and half as many returns, in a province of any size


def habits(orders: int, *, on: date) -> Habits:
    """What the banks do with so many orders. Blocked cards are left to 2025-2: a final stage has none."""
    usual = Habits()
    return Habits(
        failed=max(usual.failed, SEEN_MIN * 1000 // orders),
        returned=max(usual.returned, SEEN_MIN * 500 // orders),
        blocked=0,
        untouched=max(usual.untouched, SEEN_MIN * 1000 // orders),
        drawn_within_days=DRAWN_WITHIN_DAYS,
        treasury_after_days=default_policy().value("untouched.returned_after_days", on=on).value,
    )


@dataclass(frozen=True, slots=True)
class Banks:
    """The payers of one instruction, each with all files it got on a day."""

    ministry: Ministry
    instruction: Instruction
    on: date
    payers: dict[str, FakePayer]
    numbers: dict[str, list[str]]

    @classmethod
    def with_files_of(cls, ministry: Ministry, instruction: Instruction, *, on: date) -> Banks:
        payers: dict[str, FakePayer] = {}
        numbers: dict[str, list[str]] = defaultdict(list)
        with ministry.acting(MAKER):
            files = PaymentFile.objects.filter(stage=instruction.stage).select_related("file", "instruction")
            usual = habits(sum(file.rows for file in files if file.instruction.number == 1), on=on)
            for file in files.filter(instruction=instruction).order_by("pk"):
                payer = payers.setdefault(file.payer, FakePayer(file.payer, seed=ministry.world.seed, habits=usual))
                form = layout_of(file.payer, on=file.instruction.on)
                if file.file is not None:
                    receipt = payer.receive(storage.read(file.file), form, on=on)
                    numbers[file.payer].append(receipt.head.number)
        return cls(ministry, instruction, on, payers, dict(numbers))

    def answer(self) -> None:
        """The first word on every order: credited, failed, or sent back."""
        for payer, bank in self.payers.items():
            self._bring_in(payer, "awal", bank.answers(*self.numbers[payer]), on=self.on + timedelta(days=2))

    def answer_with_two_that_fit_nothing(self) -> None:
        """As `answer`; one bank forgets the reference of an order, and answers for somebody no order is of."""
        first = min(self.payers)
        for payer, bank in self.payers.items():
            contents = bank.answers(*self.numbers[payer])
            if payer == first:
                contents[0] = _with_two_that_fit_nothing(contents[0])
            self._bring_in(payer, "awal", contents, on=self.on + timedelta(days=2))

    def answer_the_rest(self, *, until: date) -> None:
        """Drawn, or paid back into the treasury."""
        for payer, bank in self.payers.items():
            self._bring_in(payer, "akhir", bank.later_answers(*self.numbers[payer], until=until), on=until)

    def _bring_in(self, payer: str, kind: str, contents: Iterable[bytes], *, on: date) -> None:
        stage = self.instruction.stage
        for part, told in enumerate(contents, start=1):
            name = f"{payer}_{stage.name}_{self.instruction.number}_{kind}_{part}.csv"
            told_on = max(on, *codec.parse(told, name=name)["settled_on"])  # the post pays for weeks before it answers
            with self.ministry.acting(MAKER) as officer:
                if SettlementFile.objects.filter(stage=stage, name=name).exists():
                    continue
                run = bring_in(
                    told, name=name, layout="settlement", stage=stage.name, commit=True, by=officer,
                    post=self.ministry.posts[MAKER], on=told_on,
                )  # fmt: skip
            if run.refused > 2:
                raise Refused(f"Jawaban peragaan {name} ditolak pada {run.refused} baris; ini kesalahan pada peragaan.")


def _with_two_that_fit_nothing(contents: bytes) -> bytes:
    sheet = codec.parse(contents, name="jawaban.csv")
    rows: list[dict[str, Any]] = list(sheet.rows())
    place = next(place for place, row in enumerate(rows) if row["outcome"] is Outcome.CREDITED)
    reference, name = NOBODY
    nobody = rows[place] | {"reference": reference, "name": name, "account": None}
    rows[place] = rows[place] | {"reference": "TRX-0001", "account": None}
    return codec.render([*rows, nobody], form="csv")
