from harapan.payments.models.card import CardStep
from harapan.payments.models.check import AccountCheck
from harapan.payments.models.claim import Claim
from harapan.payments.models.exception import PaymentException
from harapan.payments.models.handover import (
    Handover,
    HandoverProof,
    PayoutDay,
    PayoutTelling,
    Programme,
    ProgrammeDue,
)
from harapan.payments.models.held_card import HeldCard
from harapan.payments.models.hold import Hold
from harapan.payments.models.ledger import Account, LedgerEntry, Posting
from harapan.payments.models.minutes import Minutes
from harapan.payments.models.order import Instruction, Order, PaymentFile, RetryRequest
from harapan.payments.models.receipt import ReceiptDraw, ReceiptQuestion, SaidReceipt
from harapan.payments.models.settlement import SettlementFile, SettlementLine, WithdrawnLine
from harapan.payments.models.status import CentreStatus
from harapan.payments.models.treasury import TreasuryDocument, TreasuryReturn

__all__ = [
    "Account",
    "AccountCheck",
    "CardStep",
    "CentreStatus",
    "Claim",
    "Handover",
    "HandoverProof",
    "HeldCard",
    "Hold",
    "Instruction",
    "LedgerEntry",
    "Minutes",
    "Order",
    "PaymentException",
    "PaymentFile",
    "PayoutDay",
    "PayoutTelling",
    "Posting",
    "Programme",
    "ProgrammeDue",
    "ReceiptDraw",
    "ReceiptQuestion",
    "RetryRequest",
    "SaidReceipt",
    "SettlementFile",
    "SettlementLine",
    "TreasuryDocument",
    "TreasuryReturn",
    "WithdrawnLine",
]
