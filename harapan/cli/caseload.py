"""`harapan caseload`: families for each facilitator against the band, and the least change that makes it fair."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import click

from harapan.accounts.models import User
from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.errors import Misuse, Refused
from harapan.core.money import thousands
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.database.scope import put_on
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.workforce import deciding
from harapan.workforce.balancing.problem import Move
from harapan.workforce.fairness import Fairness, fairness, loads_now, overall, support_of
from harapan.workforce.holdings import read_caseload
from harapan.workforce.models import CaseloadMove
from harapan.workforce.proposing import Proposal, Wishes, propose

SHOWN_MAX = 20
SUPPORT_WORDS = {
    "data_officer": Phrase("pendamping untuk satu petugas data"),
    "supervisor": Phrase("pendamping untuk satu pengawas"),
}


@click.group()
def command() -> None:
    """Beban dampingan: berapa keluarga untuk tiap pendamping, dan perubahan terkecil yang membuatnya adil.

    Contoh: harapan caseload balance 63.05 --split-groups
    """


@command.command()
@click.argument("region", metavar="WILAYAH")
@acting
@as_json
def show(region: str, by: Any, why: str | None, as_json: bool) -> None:
    """Keluarga tiap pendamping dibandingkan dengan rentang tahun ini, dan sebarannya per wilayah.

    Contoh: harapan caseload show 63.05
    """
    demand(by.post, "caseload.view")
    with put_on(by.scope, read_only=True):
        place = Region.objects.by_code(region)
        caseload = read_caseload(by.post, place, on=day.today())
        loads, people = loads_now(caseload), caseload.facilitators
        whole = overall(place.no, people, loads)
        lines = fairness(people, loads, level=Level.REGENCY if place.level == Level.PROVINCE else Level.DISTRICT)
        names = Region.objects.path_names(each.region_no for each in lines)
        support = support_of(place, people, caseload.law, on=day.today())
    value = {
        "facilitators": whole.people,
        "families": caseload.families,
        "unheld": caseload.unheld,
        "load_min": whole.least,
        "load_mean": round(whole.mean, 2),
        "load_max": whole.most,
        "outside_band": whole.outside,
        "villages_without_terrain": caseload.villages_untold,
        "regions": [
            {"region": codes.dotted(each.region_no), "name": names[each.region_no]} | _figures(each) for each in lines
        ],
        "support": [
            {"role": each.role, "region": codes.dotted(each.region_no), "people": each.people,
             "facilitators": each.facilitators, "within_band": each.within}
            for each in support
        ],
    }  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _shown(value))


def _figures(each: Fairness) -> dict[str, Any]:
    return {
        "facilitators": each.people, "families": each.families, "load_min": each.least,
        "load_mean": round(each.mean, 2), "load_max": each.most, "outside_band": each.outside, "missing": each.missing,
    }  # fmt: skip


def _shown(value: dict[str, Any]) -> str:
    said = [
        f"{thousands(value['facilitators'])} pendamping, {thousands(value['families'])} keluarga"
        + (f", {thousands(value['unheld'])} di antaranya belum ada pendampingnya" if value["unheld"] else ""),
        f"beban {value['load_min']} sampai {value['load_max']}, rata-rata {value['load_mean']:.0f}; "
        f"{value['outside_band']} pendamping di luar rentang",
    ]
    for each in value["regions"]:
        missing = f"; kurang {each['missing']} pendamping" if each["missing"] else ""
        said.append(
            f"  {each['name']}: {each['facilitators']} pendamping, {each['load_min']}-{each['load_max']} "
            f"(rata-rata {each['load_mean']:.0f}), {each['outside_band']} di luar rentang{missing}"
        )
    for each in value["support"]:
        if not each["within_band"]:
            each_one = f"{each['facilitators'] / each['people']:.0f}" if each["people"] else "belum ada petugasnya"
            said.append(f"  {each['region']}: {SUPPORT_WORDS[each['role']]}: {each_one}, di luar rentang")
    if value["villages_without_terrain"]:
        said.append(f"Medan {value['villages_without_terrain']} desa belum dicatat dan dihitung sedang.")
    return "\n".join(said)


@command.command()
@click.argument("region", metavar="WILAYAH")
@click.option("--split-groups", is_flag=True, help="Ratakan sampai selisih satu keluarga; kelompok boleh dibagi.")
@click.option(
    "--across-kecamatan", "across", is_flag=True, help="Boleh pindah antarkecamatan dalam satu kabupaten/kota."
)
@click.option("--add", type=click.IntRange(min=0), default=0, metavar="N", help="Andaikan ada N pendamping lagi.")
@click.option("--families", type=click.IntRange(min=0), default=0, metavar="M", help="Andaikan ada M keluarga lagi.")
@click.option("--without", multiple=True, metavar="PENGGUNA", help="Andaikan pendamping ini pergi; boleh diulang.")
@click.option("--accept", metavar="NOMOR", help="Catat usulan ini sebagai SK bernomor NOMOR.")
@click.option(
    "--sk-date", "dated", type=click.DateTime(["%Y-%m-%d"]), metavar="TANGGAL", help="Tanggal SK (bawaan: hari ini)."
)
@click.option("--lines", metavar="DAFTAR", help="Hanya baris ini yang dicatat, misalnya 1,3,5-9.")
@acting
@as_json
def balance(
    region: str, split_groups: bool, across: bool, add: int, families: int, without: tuple[str, ...],
    accept: str | None, dated: datetime | None, lines: str | None, by: Any, why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Usulkan perubahan terkecil yang membawa beban ke dalam rentang. Tidak menulis apa pun tanpa --accept.

    \b
    Contoh: harapan caseload balance 63.05
            harapan caseload balance 63 --split-groups --add 10
            harapan caseload balance 63.05.03 --accept "SK/12/2025" --sk-date 2025-05-20 --lines 1-4 --as katim-tapin
    """
    began = time.monotonic()
    demand(by.post, "caseload.decide" if accept else "caseload.view")
    if (lines or dated) and not accept:
        raise Misuse("--lines dan --sk-date hanya berarti bersama --accept NOMOR.")
    with put_on(by.scope, read_only=not accept):
        place = Region.objects.by_code(region)
        wishes = Wishes(split_groups, across, add, families, _users(without))
        proposal = propose(by.post, place, wishes, on=day.today())
        if accept:
            wanted = _chosen(lines, len(proposal.moves))
            decree = deciding.accept(
                [proposal.moves[number - 1] for number in wanted], region=place, number=accept,
                dated=dated.date() if dated else day.today(), by=by.user, on=day.today(), why=why or "",
            )  # fmt: skip
            accept = f"{decree.number} mencatat {len(wanted)} baris."
        names = _names(proposal)
    value = figures_of(proposal) | {"seconds": round(time.monotonic() - began, 3)}
    answer(value, as_json=as_json, words=lambda: _proposed(value, proposal, names, accept))


def figures_of(proposal: Proposal) -> dict[str, Any]:
    """What is printed as JSON; `moves`: families that come to another facilitator, or to one at all."""
    whole = overall(proposal.caseload.region.no, proposal.facilitators, proposal.loads)
    return {
        "facilitators": whole.people,
        "families": proposal.families,
        "moves": proposal.families_moved,
        "load_min": whole.least,
        "load_mean": round(whole.mean, 2),
        "load_max": whole.most,
    }


def _users(usernames: tuple[str, ...]) -> tuple[int, ...]:
    found = dict(User.objects.filter(username__in=usernames).values_list("username", "pk"))
    for username in usernames:
        if username not in found:
            raise Refused(
                "Tidak ada pengguna {username}. Periksa ejaannya dengan `harapan user list`.", username=username
            )
    return tuple(sorted(found.values()))


def _chosen(lines: str | None, count: int) -> list[int]:
    """Numbers of "1,3,5-9", in order; all without."""
    if lines is None:
        return list(range(1, count + 1))
    chosen: set[int] = set()
    for part in lines.replace(" ", "").split(","):
        first, _dash, last = part.partition("-")
        if not first.isdigit() or not (last or first).isdigit() or not 1 <= int(first) <= int(last or first) <= count:
            raise Misuse(
                "Baris {part} tidak ada; usulan ini punya {count} baris. Contoh: 1,3,5-9.", part=part, count=count
            )
        chosen |= set(range(int(first), int(last or first) + 1))
    return sorted(chosen)


def _names(proposal: Proposal) -> dict[int, str]:
    return Region.objects.path_names(move.village for move in proposal.moves[:SHOWN_MAX])


def _proposed(value: dict[str, Any], proposal: Proposal, names: dict[int, str], accepted: str | None) -> str:
    people = proposal.facilitators
    before = overall(proposal.caseload.region.no, proposal.caseload.facilitators, loads_now(proposal.caseload))
    after = overall(proposal.caseload.region.no, people, proposal.loads)
    said = [
        f"{thousands(value['facilitators'])} pendamping, {thousands(value['families'])} keluarga; "
        f"{thousands(value['moves'])} keluarga berganti pendamping dalam {len(proposal.moves)} baris",
        f"  sekarang: {before.least}-{before.most}, rata-rata {before.mean:.1f}, {before.outside} di luar rentang",
        f"  usulan:   {after.least}-{after.most}, rata-rata {after.mean:.1f}, {after.outside} di luar rentang",
    ]
    if after.missing:
        said.append(f"  masih kurang {after.missing} pendamping supaya semua dapat masuk rentang")
    for number, move in enumerate(proposal.moves[:SHOWN_MAX], start=1):
        said.append(f"{number:5}. {_line(move, proposal, names)}")
    if len(proposal.moves) > SHOWN_MAX:
        said.append(
            f"       dan {len(proposal.moves) - SHOWN_MAX} baris lagi; lihat semuanya di halaman Beban dampingan"
        )
    if proposal.unplaced:
        lost = sum(bundle.families for bundle in proposal.unplaced)
        said.append(
            f"{lost} keluarga tinggal di kecamatan yang tidak punya pendamping; ulangi dengan --across-kecamatan."
        )
    if proposal.unproven:
        said.append(f"Untuk {len(proposal.unproven)} tim belum terbukti bahwa tidak ada usulan yang lebih kecil.")
    if accepted:
        said.append(accepted)
    return "\n".join(said)


def _line(move: Move, proposal: Proposal, names: dict[int, str]) -> str:
    people = proposal.facilitators
    giver = people[move.giver].name if move.giver else "belum ada"
    group = proposal.caseload.group_names.get(move.group, "tanpa kelompok")
    part = "" if move.whole else f"{move.families} keluarga dari "
    reason = CaseloadMove.Reason(move.reason).label
    taker = people[move.taker].name
    return f"{part}{group} ({names[move.village]}), {move.families} keluarga: {giver} ke {taker}; {reason}"
