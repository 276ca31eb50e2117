from harapan.registry.models.account import Channel, PaymentAccount
from harapan.registry.models.base import FamilyChild, Source
from harapan.registry.models.change import Change, ChangeProof
from harapan.registry.models.facts import OutsideFact, Question
from harapan.registry.models.family import Enrolment, Family
from harapan.registry.models.group import NO_GROUP, Facility, Group, GroupChild
from harapan.registry.models.member import ComponentSpell, Member

__all__ = [
    "NO_GROUP",
    "Change",
    "ChangeProof",
    "Channel",
    "ComponentSpell",
    "Enrolment",
    "Facility",
    "Family",
    "FamilyChild",
    "Group",
    "GroupChild",
    "Member",
    "OutsideFact",
    "PaymentAccount",
    "Question",
    "Source",
]
