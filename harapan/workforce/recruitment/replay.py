"""A ranking made again from its frozen scores: the same, or the first thing that differs, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from harapan.core.phrases import Phrase
from harapan.files import storage
from harapan.workforce.models import PlaceOffer, RankedApplication, Ranking
from harapan.workforce.recruitment.freezing import fingerprint, kept_rows, ranked_as, read_back
from harapan.workforce.recruitment.ranking import RESULT, digest_of
from harapan.workforce.recruitment.rounds import rules_of

Offers = dict[int, list[tuple[date, int]]]  # formation -> (day, participant number)


@dataclass(frozen=True, slots=True)
class Replayed:
    """difference: the first one in words; empty: the same. offers: places offered that followed the ranking."""

    round: str
    kind: str
    version: int
    applicants: int
    offers: int
    input_digest: str
    result_digest: str
    difference: str = ""

    @property
    def same(self) -> bool:
        return not self.difference


def replay(made: Ranking) -> Replayed:
    """Rank the frozen input again under the round's frozen rules and compare with what stands. Writes nothing.

    Of the result that stands also the offers: each formation's went out in the order of the ranking, reserve and all.
    """
    raw = storage.read(made.input_file)
    rules = rules_of(made.round)
    rows = ranked_as(made.kind, read_back(raw), rules, seed=made.round.lot_seed)
    offered = _offered(made)
    difference = next(_differences(made, raw, rules.digest, rows, offered), "")
    return Replayed(
        made.round.code, made.kind, made.version, len(rows), sum(map(len, offered.values())), fingerprint(raw),
        digest_of(rows), difference,
    )  # fmt: skip


def _offered(made: Ranking) -> Offers:
    """Formation -> days and participant numbers of the places offered; nothing where another ranking stands."""
    if made != Ranking.objects.results().filter(round=made.round_id).announced():
        return {}
    found: dict[int, list[tuple[date, int]]] = {}
    rows = PlaceOffer.objects.filter(formation__round=made.round_id)
    for formation, day, number in rows.values_list("formation", "offered_on", "application__participant_no"):
        found.setdefault(formation, []).append((day, number or 0))
    return found


def _differences(
    made: Ranking, raw: bytes, rules_digest: str, rows: Sequence[tuple[object, ...]], offered: Offers
) -> Iterator[str]:
    if fingerprint(raw) != made.input_digest:
        yield Phrase("Berkas nilai yang dibekukan bukan lagi berkas yang dipakai: sidiknya berbeda.")
    if not rules_digest == made.rules_digest == made.round.rules_digest:
        yield Phrase("Aturan putaran bukan lagi aturan yang dipakai: sidiknya berbeda.")
    for again, stands in zip_longest(rows, kept_rows(made)):
        if again != stands:
            yield _row(again, stands)
    if digest_of(rows) != made.result_digest:
        yield Phrase("Sidik hasil yang tercatat berbeda dari hasil hitung ulang.")
    yield from _offers_out_of_order(rows, offered)


def _offers_out_of_order(rows: Sequence[tuple[object, ...]], offered: Offers) -> Iterator[str]:
    """An offer to anybody but the next of the ranking: only whoever is selected or on the reserve list may have one."""
    line: dict[object, list[object]] = {formation: [] for formation in offered}
    for row in rows:
        each = dict(zip(RESULT, row, strict=True))
        if each["formation"] in line and each["outcome"] in OFFERED:
            line[each["formation"]].append(each["participant_no"])
    for formation, offers in offered.items():
        turns = {number: turn for turn, number in enumerate(line[formation])}
        went = [number for _day, number in sorted(offers, key=lambda offer: (offer[0], turns.get(offer[1], len(rows))))]
        for place, (number, due) in enumerate(zip_longest(went, line[formation][: len(went)]), start=1):
            if number != due:
                yield Phrase(
                    "Formasi {formation}: tawaran ke-{place} diberikan kepada peserta {no}, menurut urutan peserta "
                    "{due}.",
                    formation=formation, place=place, no=number, due=due or EMPTY,
                )  # fmt: skip


def _row(again: tuple[object, ...] | None, stands: tuple[object, ...] | None) -> Phrase:
    if again is None or stands is None:
        row = again or stands or ()
        place = dict(zip(RESULT, row, strict=True))
        if again is None:
            return Phrase("Peserta {no} tercatat, tetapi tidak ada pada hitung ulang.", no=place["participant_no"])
        return Phrase("Peserta {no} ada pada hitung ulang, tetapi tidak tercatat.", no=place["participant_no"])
    mine, theirs = dict(zip(RESULT, again, strict=True)), dict(zip(RESULT, stands, strict=True))
    name = next(name for name in RESULT if mine[name] != theirs[name])
    return Phrase(
        "Formasi {formation} urutan {place}: {field} tercatat {stands}, hitung ulang {again}.",
        formation=theirs["formation"], place=theirs["place"], field=WORDS[name], stands=theirs[name] or EMPTY,
        again=mine[name] or EMPTY,
    )  # fmt: skip


OFFERED = (RankedApplication.Outcome.SELECTED, RankedApplication.Outcome.RESERVE)
EMPTY = Phrase("kosong")
WORDS = {
    "formation": Phrase("formasi"), "place": Phrase("urutan"), "participant_no": Phrase("nomor peserta"),
    "total": Phrase("nilai akhir"), "outcome": Phrase("hasil"), "failed": Phrase("tahap gugur"),
    "tied_by": Phrase("penentu nilai sama"),
}  # fmt: skip
