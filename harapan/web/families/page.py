"""Everything one family's page shows, gathered in a constant number of queries, each only when its part is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.database.fields import Sealed
from harapan.registry.models import Enrolment, Family, OutsideFact, PaymentAccount, Question
from harapan.registry.queries import CountedMember, members_of
from harapan.web.families.questions import about


@dataclass
class FamilyPage:
    family: Family
    post: Post
    on: date

    @cached_property
    def members(self) -> list[CountedMember]:
        return members_of(self.family, on=self.on)

    @cached_property
    def rows(self) -> list[tuple[CountedMember, int | None]]:
        """Members with their age today."""
        return [(member, member.age_on(self.on)) for member in self.members]

    @property
    def manager(self) -> CountedMember | None:
        return next((row for row in self.members if row.member.manager), None)

    @cached_property
    def place(self) -> str:
        return self.family.region.path_name()

    @cached_property
    def account(self) -> PaymentAccount | None:
        """The account or post office in force."""
        running = PaymentAccount.objects.filter(family=self.family, spell__contains=self.on)
        return running.order_by("-pk").first()

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return list(Enrolment.objects.filter(family=self.family).order_by("-spell"))

    @property
    def enrolled_since(self) -> date | None:
        """The first day of the spell now running, or None when membership has ended."""
        for enrolment in self.enrolments:
            if self.on in enrolment.spell:
                return enrolment.spell.lower
        return None

    @cached_property
    def facts(self) -> list[OutsideFact]:
        """The latest statement of each kind from outside."""
        said = OutsideFact.objects.filter(family=self.family, member=None)
        return list(said.order_by("kind", "-as_of", "-pk").distinct("kind"))

    @cached_property
    def questions(self) -> list[Question]:
        open_ones = Question.objects.filter(family=self.family, decided_at__isnull=True)
        return list(open_ones.select_related("member").order_by("asked_at"))

    @property
    def asked(self) -> list[tuple[Question, str]]:
        """Open questions with what each is about, in words."""
        return [(question, about(question)) for question in self.questions]

    @property
    def may_change(self) -> bool:
        return allows(self.post, "family.change")

    @property
    def may_group(self) -> bool:
        return allows(self.post, "group.manage")

    @property
    def may_unmask(self) -> bool:
        return allows(self.post, "family.unmask")

    @property
    def may_note(self) -> bool:
        return allows(self.post, "family.note")

    @property
    def may_print(self) -> bool:
        return allows(self.post, "sheet.print")

    @property
    def may_visit(self) -> bool:
        return allows(self.post, "visit.record")

    @property
    def may_hold(self) -> bool:
        return allows(self.post, "exception.close")

    @cached_property
    def _sealed(self) -> dict[str, tuple[str, Sealed]]:
        """Code -> (what it is, the sealed number), for everything of this family that could be opened."""
        found: dict[str, tuple[str, Sealed | None]] = {
            "kk": (_("Nomor KK"), self.family.kk),
            "phone": (_("Nomor HP"), self.family.phone),
        }
        for row in self.members:
            found[f"nik-{row.member.pk}"] = (_("NIK %(name)s") % {"name": row.member.name}, row.member.nik)
        if self.account:
            found["account"] = (_("Nomor rekening"), self.account.number)
            found["card"] = (_("Nomor kartu"), self.account.card)
        return {code: (label, sealed) for code, (label, sealed) in found.items() if sealed is not None}

    def sealed_choices(self) -> list[tuple[str, str]]:
        return [(code, f"{label} ({sealed.masked})") for code, (label, sealed) in self._sealed.items()]

    def sealed(self, code: str) -> tuple[str, Sealed]:
        return self._sealed[code]
