"""The figures of a check as rows of tables: codes in words, distances from the stage before, sums where rows add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from harapan.benefits.places import naming
from harapan.benefits.run_beside import PLACE
from harapan.core.components import LABELS_ID, Component
from harapan.regions import codes
from harapan.ui.words import percent, rupiah, signed
from harapan.web.stages import figure_words
from harapan.web.stages.figure_words import Words

ADDED = (*PLACE[1:], "members")  # what the rows of places add up to
LADDER_ADDED = ("families", "months", "cut_idr", "held_idr")


class Reason(NamedTuple):
    """Families for one reason, with the share of the row in the longest, for a bar."""

    label: Words
    families: int
    before: int
    idr: int
    share: float


@dataclass
class CheckTables:
    figures: dict[str, Any]

    @property
    def base(self) -> str:
        """The stage before by name; empty where there is none."""
        base = self.figures.get("base")
        return str(base["stage"]) if base else ""

    @property
    def base_moved(self) -> str:
        """The last stages of the other channel's calendar, from which some families came; empty where there is none."""
        return ", ".join((self.figures.get("base") or {}).get("moved", []))

    @property
    def base_was_received(self) -> bool:
        base = self.figures.get("base")
        return base is not None and base["mode"] == "received"

    @property
    def base_computed(self) -> str:
        """The stage before by name where it was computed too, so that reasons and components can be compared."""
        return "" if self.base_was_received else self.base

    def delta(self, now: int, before: int) -> str:
        """ "−12 (−0,7%) dari 2024-3"; empty where there is nothing to compare with."""
        if not self.base:
            return ""
        share = f" ({_sign(now - before)}{percent(abs(now - before), before)})" if before else ""
        return _("%(delta)s%(share)s dari %(base)s") % {
            "delta": signed(now - before), "share": share, "base": self.base
        }  # fmt: skip

    @cached_property
    def excluded(self) -> list[Reason]:
        rows = [
            (figure_words.not_paid(row["why"]), row["families"], row["families_before"], 0)
            for row in self.figures["excluded"]
            if row["families"] or self.base_computed
        ]
        return _with_share(rows)

    @property
    def excluded_sums(self) -> tuple[int, int]:
        return sum(row.families for row in self.excluded), sum(row.before for row in self.excluded)

    @cached_property
    def came_in(self) -> list[Reason]:
        return _with_share((figure_words.came_in(r["why"]), r["families"], 0, r["idr"]) for r in self.figures["in"])

    @cached_property
    def went_out(self) -> list[Reason]:
        return _with_share((figure_words.not_paid(r["why"]), r["families"], 0, r["idr"]) for r in self.figures["out"])

    @cached_property
    def not_arrived(self) -> list[Reason]:
        """Families due again whose money of the stage before never reached them."""
        found = self.figures.get("not_arrived_before", [])
        return _with_share((figure_words.NOT_ARRIVED[r["why"]], r["families"], 0, r["idr"]) for r in found)

    @cached_property
    def components(self) -> list[dict[str, Any]]:
        return [
            row | {"label": LABELS_ID[Component(row["component"])], "more": row["members"] - row["members_before"],
                   "more_idr": row["idr"] - row["idr_before"]}
            for row in self.figures["by_component"]
        ]  # fmt: skip

    @cached_property
    def component_sums(self) -> dict[str, int]:
        names = ("members", "members_before", "idr", "idr_before", "more", "more_idr")
        return {name: sum(row[name] for row in self.components) for name in names}

    @property
    def beside_components(self) -> int:
        """Rupiah before cuts that come from no component: flat and fixed amounts, raised or lowered sums."""
        return int(self.figures["gross_idr"]) - self.component_sums["idr"]

    def places(self, province: int | None) -> list[dict[str, Any]]:
        """Provinces, or with a province (its two digits) its regencies; each with its name. One query."""
        rows = self.figures["by_place"]
        if province is not None:
            rows = [row for row in rows if row["region_no"] // 10**8 == province]
            level = codes.Level.REGENCY
        else:
            level = codes.Level.PROVINCE
        summed: dict[int, dict[str, Any]] = {}
        for row in rows:
            no = codes.ancestor(row["region_no"], level)
            into = summed.setdefault(no, {"no": no, "code": no // 10**8} | dict.fromkeys(ADDED, 0))
            for name in ADDED:
                into[name] += row[name]
        names = naming(summed)
        for no, row in summed.items():
            row |= {"name": names.get(no, str(no)), "more_idr": row["idr"] - row["idr_before"]}
        return [summed[no] for no in sorted(summed)]

    @cached_property
    def ladder(self) -> list[dict[str, Any]]:
        """What each step of the sanction ladder does, gentlest first, by regency within. One query.

        Checks made before this was kept have none.
        """
        rows = self.figures.get("ladder", [])
        names = naming({row["regency_no"] for row in rows})
        found = []
        for effect, label in figure_words.LADDER.items():
            places = [row | {"name": names.get(row["regency_no"], "")} for row in rows if row["effect"] == effect]
            if places:
                sums = {name: sum(row[name] for row in places) for name in LADDER_ADDED}
                found.append({"label": label, "places": places} | sums)
        return found

    @property
    def ladder_sums(self) -> dict[str, int]:
        return {name: sum(row[name] for row in self.ladder) for name in LADDER_ADDED}

    @property
    def unproven_idr(self) -> int:
        return sum(int(row["idr"]) for row in self.figures["unproven"].values())

    @property
    def unproven_share(self) -> str:
        return percent(self.unproven_idr, self.figures["gross_idr"])

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        """The values that most money rests on first; those of which it cannot be told last."""
        return sorted(self.figures["assumptions"], key=lambda row: (row["idr"] is None, -(row["idr"] or 0), row["key"]))

    def why_changed(self, row: dict[str, Any]) -> str:
        """What parts the two amounts of a family."""
        match row["why"]:
            case "components":
                said = [_("bertambah %(what)s") % {"what": _labels(row["gained"])}] if row["gained"] else []
                said += [_("berkurang %(what)s") % {"what": _labels(row["lost"])}] if row["lost"] else []
                if row["more_cut_idr"]:
                    said.append(self._cut(row["more_cut_idr"]))
                return "; ".join(said)
            case "cut":
                return self._cut(row["more_cut_idr"])
            case "calendar":
                return _("pindah ke kalender saluran lain, yang membayar bulan lain")
            case "amounts":
                return _("besaran atau batas aturan berubah")
            case _:
                return _("%(base)s diterima dari pusat; hanya jumlahnya yang diketahui") % {"base": self.base}

    def _cut(self, more_idr: int) -> str:
        words = _("potongan bertambah %(sum)s") if more_idr > 0 else _("potongan berkurang %(sum)s")
        return words % {"sum": rupiah(abs(more_idr))}


def _labels(components: list[int]) -> str:
    return ", ".join(LABELS_ID[Component(code)] for code in components)


def _with_share(rows: Iterable[tuple[Words, int, int, int]]) -> list[Reason]:
    found = list(rows)
    most = max((families for _label, families, _before, _idr in found), default=0) or 1
    return [Reason(label, families, before, idr, 100 * families / most) for label, families, before, idr in found]


def _sign(value: int) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""
