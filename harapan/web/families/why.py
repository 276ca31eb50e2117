"""The receipt "Mengapa jumlah ini?": from the answer's plain values to the lines of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from harapan.benefits import notices
from harapan.benefits.answers import AnswerLine, Computed, FamilyAnswer, answer
from harapan.benefits.difference_words import sentence, way_out
from harapan.benefits.enums import Reason
from harapan.benefits.models import Adjustment, Stage
from harapan.benefits.notice_words import month_words, standing_words
from harapan.benefits.notices import NoticeRow
from harapan.core.money import rupiah
from harapan.core.phrases import joined
from harapan.engine.reasons import LINE_SENTENCES, LineReason
from harapan.payments.enums import Standing
from harapan.payments.models import Claim
from harapan.payments.money import Event, events_of
from harapan.registry.models import Family
from harapan.ui.parts import ReckonLine
from harapan.ui.words import heard

STAGES_SHOWN = 12
COUNTED_AS = LINE_SENTENCES[LineReason.COUNTED].msgid  # the line's own words say it already
HOLDABLE = (Standing.UNANSWERED, Standing.HELD)


@dataclass
class Why:
    """What one stage says of a family. `stage` None: the family is on no list and no stage is here."""

    family: Family
    stage: Stage | None
    on: date

    @cached_property
    def told(self) -> FamilyAnswer | None:
        return answer(self.family, self.stage) if self.stage else None

    @property
    def amount(self) -> str:
        return rupiah(self.told.amount_idr) if self.told else ""

    @cached_property
    def lines(self) -> list[ReckonLine]:
        return list(self._lines(self.told)) if self.told else []

    def _lines(self, told: FamilyAnswer) -> Iterator[ReckonLine]:
        if told.computed:
            for line in told.computed.lines:
                yield _member_line(line)
            yield from _adjusted_lines(told.computed)
            if not told.ours:
                yield ReckonLine(_("Menurut hitungan di sini"), rupiah(told.computed.net_idr), kind="sum")
        for wave in told.waves if len(told.waves) > 1 else ():
            yield ReckonLine(_("Gelombang %(wave)s") % {"wave": wave.wave}, rupiah(wave.nominal_idr), wave.bank)
        if not told.ours:
            yield ReckonLine(_("Menurut daftar kementerian"), rupiah(told.received_idr), kind="net")
        elif told.computed:
            label = _("Hak tahap ini, %(wave)s") % {"wave": self._of_wave(told.computed)}
            yield ReckonLine(label, rupiah(told.computed.net_idr), kind="net")

    def _of_wave(self, computed: Computed) -> str:
        wave = _("susulan ke-%(n)d") % {"n": computed.wave} if computed.wave else _("gelombang utama")
        return wave if computed.approved else _("%(wave)s, belum disetujui") % {"wave": wave}

    @property
    def verdict(self) -> str:
        """When nothing was computed, why not, in one sentence."""
        if self.told is not None and self.told.ours and self.told.computed is None:
            return _(
                "Keluarga ini tidak ada pada hitungan tahap ini yang dapat Anda lihat: mungkin belum dihitung, "
                "keluarganya masuk setelah pembekuan, atau waktu itu di wilayah atau kelompok lain. Jumlahnya tidak "
                "dihitung ulang dari data hari ini."
            )
        if self.told is None or self.told.computed is None:
            return _("Jumlah ini belum dihitung di sini, jadi hanya jumlah pada daftar yang dapat ditunjukkan.")
        return self.told.computed.sentences[0] if not self.told.computed.lines else ""

    @property
    def difference(self) -> str:
        """The likely reason of the gap, in words."""
        if not self.told or not self.told.difference:
            return ""
        return sentence(self.told.difference, self.told.member_names)

    @property
    def way_out(self) -> str:
        return way_out(Reason(self.told.difference.reason)) if self.told and self.told.difference else ""

    @cached_property
    def hearings(self) -> list[tuple[NoticeRow, str, str]]:
        """Notices of a missed month for this stage, or open for another: the notice, its month, and its hearing."""
        found = notices.of_family(self.family, self.stage, on=self.on)
        return [(row, month_words(row.notice), standing_words(row.notice, on=self.on)) for row in found]

    @cached_property
    def adjustments(self) -> list[Adjustment]:
        """What earlier stages left, that this one settled or that waits for a later one."""
        here = Q(settled_run__stage=self.stage) | Q(settled_run=None)
        return list(Adjustment.objects.filter(here, family=self.family).select_related("of_stage").order_by("pk"))

    @cached_property
    def events(self) -> list[Event]:
        return events_of(self.family.pk, self.stage)[::-1] if self.stage else []

    @cached_property
    def claims(self) -> list[Claim]:
        """The family's money in its latest stages, newest first."""
        found = Claim.objects.filter(family=self.family).select_related("stage")
        return list(found.order_by("-stage__year", "-stage__number", "wave")[:STAGES_SHOWN])

    @property
    def money(self) -> list[tuple[Claim, bool]]:
        """The claims, with whether a person can hold this money or let it go."""
        return [(claim, claim.standing in HOLDABLE and not claim.ordered) for claim in self.claims]

    @property
    def undrawn(self) -> bool:
        """Whether a computed stage owes the family money that is neither ordered nor held yet."""
        here = [claim for claim in self.claims if self.stage and claim.stage_id == self.stage.pk]
        return bool(self.told and self.told.ours and self.told.amount_idr and not here)

    @property
    def stages(self) -> list[Stage]:
        """The stages to choose from, newest first, each once."""
        return list({claim.stage_id: claim.stage for claim in self.claims}.values())


def _adjusted_lines(computed: Computed) -> Iterator[ReckonLine]:
    """What earlier stages add, then what the sanction and earlier stages take."""
    if computed.back_pay_idr:
        yield ReckonLine(_("Kekurangan dari tahap sebelumnya"), rupiah(computed.back_pay_idr))
    if not computed.cut_idr:
        return
    yield ReckonLine(_("Sebelum potongan"), rupiah(computed.gross_idr), kind="sum")
    sanction_idr = computed.cut_idr - computed.recovered_idr
    if sanction_idr:
        yield ReckonLine(_("Potongan"), rupiah(-sanction_idr), joined(computed.sentences[1:]), "cut")
    if computed.recovered_idr:
        yield ReckonLine(_("Kelebihan dari tahap sebelumnya"), rupiah(-computed.recovered_idr), kind="cut")


def _member_line(line: AnswerLine) -> ReckonLine:
    why = heard(line.component)
    if line.counted and line.annual_idr:
        why += _(" · %(annual)s setahun") % {"annual": rupiah(line.annual_idr)}
    sentences = [said for said in line.sentences if said.msgid != COUNTED_AS]
    words = joined(filter(None, [why, joined(sentences)]), ". ")
    return ReckonLine(line.name, rupiah(line.stage_idr if line.counted else 0), words, "" if line.counted else "off")


def stage_for(family: Family, name: str = "") -> Stage | None:
    """The stage asked for, else the latest the family is listed in, else the latest there is."""
    if name:
        return Stage.objects.filter(name=name).first()
    listed = Claim.objects.filter(family=family).order_by("-stage__year", "-stage__number").values("stage")[:1]
    newest = Stage.objects.order_by("-year", "-number")
    return Stage.objects.filter(pk__in=listed).first() or newest.first()
