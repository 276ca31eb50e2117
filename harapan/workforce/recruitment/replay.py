"""A ranking made again from its frozen scores: the same, or the first thing that differs, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from harapan.core.phrases import Phrase
from harapan.files import storage
from harapan.workforce.models import Ranking
from harapan.workforce.recruitment.freezing import fingerprint, kept_rows, read_back
from harapan.workforce.recruitment.ranking import RESULT, digest_of, rank, rows_of
from harapan.workforce.recruitment.rounds import rules_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """difference: the first one in words; empty: the same."""

    round: str
    version: int
    applicants: int
    input_digest: str
    result_digest: str
    difference: str = ""

    @property
    def same(self) -> bool:
        return not self.difference


def replay(made: Ranking) -> Replayed:
    """Rank the frozen input again under the round's frozen rules and compare with what stands. Writes nothing."""
    raw = storage.read(made.input_file)
    rules = rules_of(made.round)
    rows = rows_of(rank(read_back(raw), rules, seed=made.round.lot_seed))
    difference = next(_differences(made, raw, rules.digest, rows), "")
    return Replayed(made.round.code, made.version, len(rows), fingerprint(raw), digest_of(rows), difference)


def _differences(made: Ranking, raw: bytes, rules_digest: str, rows: Sequence[tuple[object, ...]]) -> Iterator[str]:
    if fingerprint(raw) != made.input_digest:
        yield Phrase("Berkas nilai yang dibekukan bukan lagi berkas yang dipakai: sidiknya berbeda.")
    if not rules_digest == made.rules_digest == made.round.rules_digest:
        yield Phrase("Aturan putaran bukan lagi aturan yang dipakai: sidiknya berbeda.")
    for again, stands in zip_longest(rows, kept_rows(made)):
        if again != stands:
            yield _row(again, stands)
    if digest_of(rows) != made.result_digest:
        yield Phrase("Sidik hasil yang tercatat berbeda dari hasil hitung ulang.")


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


EMPTY = Phrase("kosong")
WORDS = {
    "formation": Phrase("formasi"), "place": Phrase("urutan"), "participant_no": Phrase("nomor peserta"),
    "total": Phrase("nilai akhir"), "outcome": Phrase("hasil"), "failed": Phrase("tahap gugur"),
    "tied_by": Phrase("penentu nilai sama"),
}  # fmt: skip
