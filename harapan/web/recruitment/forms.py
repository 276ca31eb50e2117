"""A round as it is planned, its weights, one formation, a decision on documents, a mark, an answer to an objection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.places import choices_below
from harapan.ui.filters import FilterForm
from harapan.ui.words import zone
from harapan.web.places import PlaceField
from harapan.web.reasons import ReasonField
from harapan.workforce.models import (
    Application,
    Position,
    RankedApplication,
    Ranking,
    RecruitmentRound,
    SelectionStage,
)
from harapan.workforce.recruitment.inviting import INVITED_TO
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.recruitment.rules import HUNDREDTHS, RoundRules, StageRule

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATES = [
    ("", _("Yang dinilai")), ("aside", _("Disisihkan karena ganda")), ("draft", _("Belum dikirim")),
]  # fmt: skip
ADMINISTRATION = [
    ("", _("Semua")), ("open", _("Belum diputuskan")), ("passed", _("Lulus administrasi")),
    ("failed", _("Tidak lulus administrasi")),
]  # fmt: skip


class RoundForm(forms.Form):
    name = forms.CharField(label=_("Nama putaran"), max_length=160, help_text=_("Contoh: Rekrutmen pendamping 2026."))
    code = forms.SlugField(label=_("Kode"), max_length=24, help_text=_("Dipakai di alamat, misalnya 2026-a."))
    cohort = forms.IntegerField(label=_("Angkatan (tahun)"), min_value=2007, max_value=2100)
    opens_on = forms.DateField(label=_("Pendaftaran dibuka"), widget=DATE)
    closes_on = forms.DateField(label=_("Pendaftaran ditutup"), widget=DATE)
    begins_on = forms.DateField(label=_("Mulai bertugas"), widget=DATE)
    region: forms.ModelChoiceField[Region] = forms.ModelChoiceField(
        label=_("Wilayah"), queryset=Region.objects.none(), required=False, empty_label=_("Seluruh Indonesia")
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        if post.role.reach == Reach.NATION:
            field.queryset = Region.objects.filter(parent=None).order_by("name_key")  # type: ignore[attr-defined]
        else:
            field.queryset = Region.objects.filter(no__in=post.region_nos)  # type: ignore[attr-defined]
            field.required, field.empty_label = True, None  # type: ignore[attr-defined]
        field.label_from_instance = lambda region: region.display_name  # type: ignore[attr-defined]


class StagesForm(forms.Form):
    """Weight and pass mark of each stage of the round."""

    def __init__(self, *args: Any, rules: RoundRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for each in rules.stages:
            label = SelectionStage(each.stage).label
            self.fields[f"{each.stage}_weight"] = forms.IntegerField(
                label=_("%(stage)s: bobot (persen)") % {"stage": label}, min_value=0, max_value=100, initial=each.weight
            )
            self.fields[f"{each.stage}_pass"] = forms.IntegerField(
                label=_("%(stage)s: batas lulus") % {"stage": label}, min_value=0, max_value=each.most,
                initial=each.pass_mark,
            )  # fmt: skip
        if any(each.stage == SelectionStage.INTERVIEW for each in rules.stages):
            self.fields["interview_per_place"] = forms.IntegerField(
                label=_("Yang diwawancarai untuk tiap tempat"), min_value=1, max_value=99, required=False,
                initial=rules.interview_per_place,
                help_text=_("Sekian terbaik menurut nilai sebelum wawancara. Kosong: semua yang masih lulus."),
            )  # fmt: skip

    def stages(self) -> tuple[StageRule, ...]:
        told = self.cleaned_data
        return tuple(
            StageRule(each.stage, told[f"{each.stage}_weight"], each.most, told[f"{each.stage}_pass"])
            for each in self.rules.stages
        )


class FormationForm(forms.Form):
    region = PlaceField(label=_("Wilayah"), widest=Level.REGENCY)
    position = forms.ChoiceField(label=_("Jabatan"), choices=Position.choices)
    quota = forms.IntegerField(label=_("Kuota"), min_value=0, max_value=999, help_text=_("0 menghapus formasi ini."))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].offer(post)  # type: ignore[attr-defined]


class MoveSessionForm(forms.Form):
    place = forms.CharField(
        label=_("Tempat"), max_length=200, help_text=_("Nama gedung, ruang, dan alamatnya; dibaca yang diundang.")
    )
    begins_at = forms.DateTimeField(
        label=_("Mulai"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    note = forms.CharField(
        label=_("Yang dibawa"), max_length=300, required=False, help_text=_("Misalnya: KTP asli dan pensil 2B.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begins_at"].help_text = _("Jam Anda, %(zone)s. Peserta membaca jam daerahnya.") % {"zone": zone()}


class SessionForm(MoveSessionForm):
    stage = forms.ChoiceField(label=_("Tahap"))
    region: forms.ModelChoiceField[Region] = forms.ModelChoiceField(
        label=_("Untuk pelamar di"), queryset=Region.objects.none(), empty_label=None
    )
    seats = forms.IntegerField(
        label=_("Kursi"), min_value=1, max_value=100_000,
        help_text=_("Yang diundang paling banyak sekian, menurut nomor peserta; sisanya ke sesi lain."),
    )  # fmt: skip
    field_order = ("stage", "region", "place", "begins_at", "seats", "note")

    def __init__(self, *args: Any, round: RecruitmentRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = {each.stage for each in rules_of(round).stages}
        choices = [(each.value, each.label) for each in INVITED_TO if each.value in stages]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]
        field = self.fields["region"]
        field.queryset = places_of(round)  # type: ignore[attr-defined]
        field.label_from_instance = lambda region: region.display_name  # type: ignore[attr-defined]


def places_of(round: RecruitmentRound) -> QuerySet[Region]:
    """The whole of the round's region, and the kabupaten and kota in which it has places."""
    regions = round.formations.order_by().values_list("region", flat=True).distinct()
    wanted = {codes.ancestor(no, Level.REGENCY) for no in regions} | {
        codes.ancestor(no, Level.PROVINCE) for no in regions
    }
    return Region.objects.filter(no__in=wanted).order_by("level", "name_key")


class ApplicationFilters(FilterForm):
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("Keadaan"), choices=STATES)
    administration = forms.ChoiceField(label=_("Administrasi"), choices=ADMINISTRATION)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, int(at) if at.isdecimal() else None)  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Application], rules: RoundRules) -> QuerySet[Application]:
        chosen = self.chosen()
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            rows = rows.filter(region_no__gte=low, region_no__lt=high)
        state = chosen.get("state")
        if state == "draft":
            rows = rows.filter(state=Application.State.DRAFT)
        else:
            rows = rows.filter(state=Application.State.SUBMITTED, set_aside_on__isnull=state != "aside")
        return self._administered(rows, chosen.get("administration"), rules)

    def _administered(self, rows: QuerySet[Application], wanted: Any, rules: RoundRules) -> QuerySet[Application]:
        stage = SelectionStage.ADMINISTRATION
        mark = rules.stage(stage).pass_mark * HUNDREDTHS
        if wanted == "open":
            return rows.exclude(stagescores__stage=stage)
        if wanted == "passed":
            return rows.filter(stagescores__stage=stage, stagescores__score__gte=mark)
        if wanted == "failed":
            return rows.filter(stagescores__stage=stage, stagescores__score__lt=mark)
        return rows


class RankedFilters(FilterForm):
    region = forms.TypedChoiceField(label=_("Wilayah"), coerce=int, empty_value=None)
    outcome = forms.TypedChoiceField(label=_("Hasil"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, post: Post, ranking: Ranking | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = ranking.outcomes if ranking else {}
        self.fields["outcome"].choices = [("", _("Semua hasil")), *outcomes.items()]  # type: ignore[attr-defined]
        at = self.data.get("region", "")
        self.fields["region"].choices = choices_below(post, int(at) if at.isdecimal() else None)  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[RankedApplication]) -> QuerySet[RankedApplication]:
        chosen = self.chosen()
        if "region" in chosen:
            low, high = Region(no=chosen["region"]).range
            rows = rows.filter(region_no__gte=low, region_no__lt=high)
        return rows.filter(outcome=chosen["outcome"]) if "outcome" in chosen else rows


class CheckForm(forms.Form):
    passes = forms.TypedChoiceField(
        label=_("Keputusan"), choices=[("1", _("Lulus administrasi")), ("0", _("Tidak lulus"))],
        coerce=lambda value: value == "1", empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    reason = ReasonField(required=False, help_text=_("Wajib bila tidak lulus. Dibaca pelamar."))


class ScoreField(forms.DecimalField):
    """Points with two decimals; gives hundredths. A field for text: one for numbers swallows a comma in some browsers,
    and 7,5 becomes 75."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=6, decimal_places=2, localize=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return None if given is None else int(given * HUNDREDTHS)


class CorrectForm(forms.Form):
    stage = forms.ChoiceField(label=_("Tahap"), choices=SelectionStage.choices)
    score = ScoreField(label=_("Nilai yang benar"))
    reason = ReasonField(help_text=_("Dibaca pelamar dan auditor."))


class WithdrawForm(forms.Form):
    why = ReasonField(
        label=_("Alasan mundur"), max_length=200, help_text=_("Misalnya: diterima bekerja di tempat lain.")
    )


class MarkForm(forms.Form):
    score = ScoreField(label=_("Nilai"))
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)


class ObjectionAnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("Keputusan"), choices=[("1", _("Sanggah diterima")), ("0", _("Sanggah tidak diterima"))],
        coerce=lambda value: value == "1", empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Jawaban"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Dibaca pelamar.")
    )
