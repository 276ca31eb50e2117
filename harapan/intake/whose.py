"""Whose each line of the ministry's list is: a family on record, a new one, or nobody can tell.

Every answer depends only on what writing the list does not change, so a list read twice is answered alike:

1. Lines that share an IDDTKS or a NIK are one family (a *party*), also over a third line: else their order would
   decide.
2. A party of which a line is known by IDDTKS or NIK is that family. Where its lines are known as several, only those
   that bear the IDDTKS of one are told apart; the others are refused.
3. A party that is not known so may be known by its card (KK), which proves little, for a card can hold two families:
   only if all its lines bear that card, one family of it is left that no other line is, and no other party asks for it.
   Lines with neither number never take what a line with one may mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from harapan.core.phrases import Phrase
from harapan.intake import elsewhere, finding
from harapan.intake.errand import Errand
from harapan.registry import matching
from harapan.registry.matching import By, Hit, Keys

CONTESTED = Phrase(
    "Keluarga pada nomor KK ini sudah tercatat, dan bukan hanya baris ini yang dapat berarti keluarga itu. "
    "Lengkapi IDDTKS atau NIK pengurusnya di data keluarga, lalu kirim lagi baris ini."
)
SHARED = Phrase("IDDTKS atau NIK ini juga ada di baris {others} untuk keluarga yang lain. Periksa mana yang benar.")
NAMELESS = Phrase(
    "Baris ini tanpa IDDTKS dan tanpa NIK, dan keluarga pada nomor KK ini disebut baris lain. "
    "Lengkapi salah satunya, lalu kirim lagi baris ini."
)


@dataclass(slots=True)
class Party:
    """Lines that are one family. `keyed`: they bear an IDDTKS or a NIK; else only a card."""

    keyed: bool
    lines: list[int] = field(default_factory=list)
    cards: set[bytes | None] = field(default_factory=set)


class Whose(NamedTuple):
    """Line -> its family on record; lines of new families in parties. Refused lines stand in neither."""

    found: dict[int, int]
    new: list[list[int]]


def whose(errand: Errand, keys: Mapping[int, Keys], *, claims: Iterable[int]) -> Whose:
    """Tell the lines apart, refusing those nobody can tell. claims: the lines that would write a family's numbers."""
    hits = finding.by_line(matching.find(keys.values()))
    elsewhere.refuse(errand, _unknown(keys, hits))
    keys = {line: each for line, each in keys.items() if errand.answers.open(line)}
    parties = list(_parties(keys))
    found: dict[int, int] = {}
    for party in parties:
        found |= _by_number(errand, party, hits)
    known = set(found.values())
    claiming = set(claims)
    asking: dict[bytes | None, list[Party]] = defaultdict(list)
    for party in parties:
        if not _sure(party, hits) and len(party.cards) == 1:
            asking[next(iter(party.cards))].append(party)
    for at_card in asking.values():
        found |= _by_card(errand, at_card, hits, known, claiming)
    new = [[line for line in sorted(party.lines) if line not in found] for party in parties]
    return Whose(found, [lines for lines in new if lines and errand.answers.open(lines[0])])


def _parties(keys: Mapping[int, Keys]) -> Iterable[Party]:
    party_of: dict[int, Party] = {}
    bearer: dict[tuple[str, str | bytes | None], int] = {}
    for line, each in keys.items():
        ties = [tie for tie in (("dtks", each.dtks_id), ("nik", each.nik_ix)) if tie[1]]
        ours = party_of[line] = Party(bool(ties), [line], {each.kk_ix})
        for tie in ties or ([("kk", each.kk_ix)] if each.kk_ix else []):
            other = party_of[bearer.setdefault(tie, line)]
            if other is not ours:
                other.lines += ours.lines
                other.cards |= ours.cards
                party_of |= dict.fromkeys(ours.lines, other)
                ours = other
    return {id(party): party for party in party_of.values()}.values()


def _sure(party: Party, hits: Mapping[int, list[Hit]]) -> dict[int, list[Hit]]:
    return {line: hits[line] for line in party.lines if line in hits and hits[line][0].by is not By.KK}


def _by_number(errand: Errand, party: Party, hits: Mapping[int, list[Hit]]) -> dict[int, int]:
    sure = _sure(party, hits)
    families = {hit.family_id for each in sure.values() for hit in each}
    if len(families) <= 1:
        return dict.fromkeys(party.lines, *families) if families else {}
    found = {line: each[0].family_id for line, each in sure.items() if each[0].by is By.DTKS}
    for line in party.lines:
        if line not in found:
            errand.answers.refuse(line, _several(line, party, sure))
    return found


def _several(line: int, party: Party, sure: Mapping[int, list[Hit]]) -> str:
    if len(sure.get(line, ())) > 1:
        return finding.several(sure[line])
    others = ", ".join(str(other) for other in sorted(party.lines) if other != line)
    return SHARED.filled(others=others)


def _each_once(hits: Iterable[list[Hit]]) -> list[Hit]:
    return list({hit.family_id: hit for each in hits for hit in each}.values())


def _by_card(
    errand: Errand, parties: list[Party], hits: Mapping[int, list[Hit]], known: set[int], claiming: set[int]
) -> dict[int, int]:
    """Parties that bear one card and no known number."""
    on_card = _each_once(hits[party.lines[0]] for party in parties if party.lines[0] in hits)
    left = [hit for hit in on_card if hit.family_id not in known]
    keyed = [party for party in parties if party.keyed and claiming & set(party.lines)]
    found: dict[int, int] = {}
    for party in parties:
        claims = bool(claiming & set(party.lines))
        candidates = left if claims else on_card  # whoever writes no number takes nothing from another
        if len(candidates) > 1:
            _refuse(errand, party, finding.several(candidates))
        elif claims and party.keyed and len(keyed) > 1 and candidates:
            _refuse(errand, party, CONTESTED)
        elif claims and not party.keyed and on_card and (keyed or not left):
            _refuse(errand, party, NAMELESS)
        elif candidates:
            found |= dict.fromkeys(party.lines, candidates[0].family_id)
    return found


def _refuse(errand: Errand, party: Party, words: str) -> None:
    for line in party.lines:
        errand.answers.refuse(line, words)


def _unknown(keys: Mapping[int, Keys], hits: Mapping[int, list[Hit]]) -> list[Keys]:
    """What to ask of the rest of the nation: everything of unknown families, the IDDTKS of those known otherwise."""
    unknown = []
    for line, each in keys.items():
        if line not in hits:
            unknown.append(each)
        elif hits[line][0].by is not By.DTKS and each.dtks_id:
            unknown.append(Keys(line, each.dtks_id, None, None))
    return unknown
