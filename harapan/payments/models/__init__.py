from harapan.payments.models.card import CardStep
from harapan.payments.models.claim import Claim
from harapan.payments.models.exception import PaymentException
from harapan.payments.models.hold import Hold
from harapan.payments.models.ledger import Account, LedgerEntry, Posting
from harapan.payments.models.minutes import Minutes
from harapan.payments.models.settlement import SettlementFile, SettlementLine
from harapan.payments.models.status import CentreStatus

__all__ = [
    "Account",
    "CardStep",
    "CentreStatus",
    "Claim",
    "Hold",
    "LedgerEntry",
    "Minutes",
    "PaymentException",
    "Posting",
    "SettlementFile",
    "SettlementLine",
]
