"""The comparison a checker decides on, and the decision: by another person, with a decree or with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits import approving
from harapan.benefits.models import Approval, RunCheck, Snapshot
from harapan.core.asked import whole
from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.registry.models import Family
from harapan.ui import parts
from harapan.ui.pages import deed_of, see_other
from harapan.ui.words import number, rupiah
from harapan.web.stages.approval_forms import ApproveForm, RefuseForm
from harapan.web.stages.check_tables import CheckTables
from harapan.web.stages.frame import Frame


@dataclass
class Comparison:
    """One check of the stage, the latest or an earlier one, for a reader who may decide on it or only see it."""

    frame: Frame
    reader: int
    number: int | None = None  # of an earlier check

    @cached_property
    def checks(self) -> list[RunCheck]:
        """All checks of the stage with what was decided, the latest first. Two queries."""
        found = RunCheck.objects.filter(run__stage=self.frame.stage).select_related("run", "run__by", "by")
        decided = {each.run_id: each for each in Approval.objects.filter(run__stage=self.frame.stage)
                   .select_related("by")}  # fmt: skip
        checks = list(found.order_by("-id"))
        for check in checks:
            check.decided = decided.get(check.run_id)  # type: ignore[attr-defined]
        return checks

    @cached_property
    def check(self) -> RunCheck | None:
        return next((check for check in self.checks if self.number in (None, check.pk)), None)

    @property
    def decided(self) -> Approval | None:
        return self.check.decided if self.check else None  # type: ignore[attr-defined]

    @cached_property
    def waits(self) -> bool:
        """Whether this very check is the one to be decided on now."""
        if self.check is None or self.decided or self.check is not self.checks[0]:
            return False
        return Snapshot.objects.filter(runs=self.check.run_id, state=Snapshot.State.CHECKED).exists()

    @property
    def may_decide(self) -> bool:
        return self.waits and allows(self.frame.post, "stage.approve") and not self.blocked

    @property
    def blocked(self) -> str:
        """Why the reader may not decide, in words; empty where they may, or where it is not their errand."""
        check = self.check
        if check is None or not self.waits or not allows(self.frame.post, "stage.approve"):
            return ""
        did = [
            word for word, who in ((_("dihitung"), check.run.by_id), (_("diperiksa"), check.by_id))
            if who == self.reader
        ]  # fmt: skip
        if not did:
            return ""
        return _("Hasil ini %(did)s oleh Anda sendiri. Yang menyetujui atau mengembalikan harus orang lain.") % {
            "did": _(" dan ").join(did)
        }

    @cached_property
    def tables(self) -> CheckTables:
        assert self.check is not None  # noqa: S101 - the template asks first
        return CheckTables(self.check.figures)

    @cached_property
    def may_see_names(self) -> bool:
        return allows(self.frame.post, "family.view")

    @cached_property
    def changes(self) -> dict[str, list[dict[str, Any]]]:
        """The largest changes with names and places of families in the reader's reach. Two queries."""
        figures = self.check.figures if self.check else {}
        rows = {way: figures.get(way, []) for way in ("up", "down")}
        every = [row for way in rows.values() for row in way]
        places = Region.objects.path_names({row["region_no"] for row in every})
        names = self._names([row["family"] for row in every])
        return {
            way: [
                {**row, "name": names.get(row["family"], ""), "place": places.get(row["region_no"], ""),
                 "more_idr": row["now_idr"] - row["before_idr"], "said": self.tables.why_changed(row)}
                for row in found
            ]
            for way, found in rows.items()
        }  # fmt: skip

    @property
    def only_down(self) -> bool:
        """Whether the changes down are all there are, so that they stand open."""
        return not self.changes["up"]

    def _names(self, families: list[int]) -> dict[int, str]:
        if not self.may_see_names or not families:
            return {}
        return dict(Family.objects.visible_to(self.frame.post).filter(pk__in=families).values_list("pk", "name"))

    def figures(self) -> tuple[parts.Figure, ...]:
        """The run's sums, each with its distance from the stage before."""
        if self.check is None:
            return ()
        figures, totals, base = self.check.figures, self.check.figures["totals"], self.tables.base
        cut = figures["sanctions"]["families"]
        return (
            parts.Figure(_("Keluarga dibayar"), number(figures["paid"]),
                         self.tables.delta(totals["families"], totals["families_before"])),
            parts.Figure(_("Bersih"), rupiah(figures["net_idr"]),
                         self.tables.delta(totals["idr"], totals["idr_before"])),
            parts.Figure(_("Potongan"), rupiah(figures["cut_idr"]),
                         ngettext("%(n)s keluarga", "%(n)s keluarga", cut) % {"n": number(cut)}),
            parts.Figure(_("Masuk dan keluar"), f"{number(totals['new'])} / {number(totals['gone'])}",
                         _("keluarga, dibanding %(base)s") % {"base": base} if base else ""),
            parts.Figure(_("Naik, turun, tetap"),
                         f"{number(totals['more'])} / {number(totals['less'])} / {number(totals['same'])}",
                         _("keluarga yang tetap dibayar")),
        )  # fmt: skip


def _shown(request: Request, frame: Frame, *, status: int = 200, **forms: Any) -> HttpResponse:
    asked = request.GET.get("pemeriksaan", "")
    page = Comparison(frame, reader=request.user.pk, number=whole(asked))
    province = request.GET.get("provinsi", "")
    seen = {"run": page.check.run_id} if page.check else {}
    context = {
        "page_of": page,
        "province": whole(province),
        "approve_form": ApproveForm(initial=seen, net_idr=page.check.run.net_idr if page.check else 0, on=frame.on),
        "refuse_form": RefuseForm(initial=seen),
        "recorded": True,
        **forms,
    }
    if page.check is not None:
        context["places"] = page.tables.places(context["province"])
    return render(request, "stages/comparison.html", frame.context("stage_comparison", **context), status=status)


@may("stage.view", look="comparison")
def comparison(request: Request, name: str) -> HttpResponse:
    return _shown(request, Frame.of(request, name))


@deed_of("stage_comparison")
@may("stage.approve", look="comparison")
def approve(request: Request, name: str) -> HttpResponse:
    """Make the checked wave binding: the decree, and the sum typed by hand."""
    frame = Frame.of(request, name)
    page = Comparison(frame, reader=request.user.pk)
    form = ApproveForm(request.POST, net_idr=page.check.run.net_idr if page.check else 0, on=frame.on)
    if form.is_valid():
        said = form.cleaned_data
        try:
            approved = approving.approve(
                frame.stage, decree_no=said["decree_no"], decree_on=said["decree_on"], by=request.user, on=frame.on,
                why=said["note"], seen=said["run"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Tahap %(name)s disetujui: %(sum)s dengan SK %(no)s.")
                % {"name": frame.stage.name, "sum": rupiah(approved.net_idr), "no": approved.decree_no},
            )  # fmt: skip
            return see_other(request, "stage", frame.stage.name)
    return _shown(request, frame, status=422, approve_form=form)


@deed_of("stage_comparison")
@may("stage.approve", look="comparison")
def refuse(request: Request, name: str) -> HttpResponse:
    """Send the checked wave back with a reason."""
    frame = Frame.of(request, name)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            approving.refuse(
                frame.stage, why=form.cleaned_data["why"], by=request.user, on=frame.on, seen=form.cleaned_data["run"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Tahap %(name)s dikembalikan untuk dibekukan atau dihitung lagi.") % {"name": frame.stage.name},
            )
            return see_other(request, "stage", frame.stage.name)
    return _shown(request, frame, status=422, refuse_form=form)
