"""From the code and names of an outside row to one region, thousands of rows at a time, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from harapan.core.phrases import Phrase, joined
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.errors import AmbiguousRegion, UnknownRegion, UnreadableCode
from harapan.regions.naming import Kind, kind_of, name_key, own_keys, path_name, readings

CANDIDATES_NAMED_MAX = 4


class Answer(NamedTuple):
    """`number` of the region found, or `reason` why none; `warning` when it was found but something disagrees."""

    number: int | None
    reason: str = ""
    warning: str = ""


class KnownRegion(NamedTuple):
    """One region as the resolver needs it; `former_names` are names it bore before, `closed` since it left the list."""

    number: int
    name: str
    closed: bool = False
    former_names: Sequence[str] = ()


class Resolver:
    """Answers (code, province, regency, district, village) of outside rows from one subtree held in dictionaries.

    The code decides; without one, the names do, from the province down. Empty names are skipped, so a list without a
    column for the province still resolves. A region no longer in the official list is found by its code only, with a
    warning.
    `scope` is the subtree that `known` covers (with its ancestors), None the nation. `needed` is the level a row must
    reach: a family lives in a village.
    """

    def __init__(
        self, known: Iterable[KnownRegion], *, scope: int | None = None, needed: Level = Level.PROVINCE
    ) -> None:
        self._scope = scope
        self._needed = needed
        self._names: dict[int, str] = {}
        self._closed: set[int] = set()
        self._whole: dict[tuple[Level, str], list[int]] = {}
        self._bare: dict[tuple[Level, str], list[int]] = {}
        self._answers: dict[tuple[str, ...], Answer] = {}
        for region in known:
            self._learn(region)

    def _learn(self, region: KnownRegion) -> None:
        number = region.number
        self._names[number] = region.name
        if region.closed:
            self._closed.add(number)
            return
        level = codes.level_of(number)
        for name in (region.name, *region.former_names):
            whole = name_key(name)
            self._whole.setdefault((level, whole), []).append(number)
            for bare in own_keys(number, name) - {whole}:
                self._bare.setdefault((level, bare), []).append(number)

    def resolve(
        self, *, code: str = "", province: str = "", regency: str = "", district: str = "", village: str = ""
    ) -> Answer:
        """The region of one row, at the deepest level its code or names give. Equal rows are answered from memory."""
        row = tuple(str(value or "").strip() for value in (code, province, regency, district, village))
        answer = self._answers.get(row)
        if answer is None:
            found = self._answer(row[0], dict(zip(Level, row[1:], strict=True)))
            answer = self._answers[row] = self._deep_enough(found)
        return answer

    def path(self, number: int) -> str:
        """ "Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin", as far as the loaded regions reach."""
        return path_name(number, self._names)

    def _answer(self, code: str, names: dict[Level, str]) -> Answer:
        # Lists write 0 or a dash where they have no code.
        if code.strip("0-. "):
            return self._by_code(code, names)
        if any(names.values()):
            return self._by_names(names)
        return Answer(None, Phrase("Kode wilayah dan nama wilayah kosong. Isi salah satunya."))

    def _deep_enough(self, answer: Answer) -> Answer:
        if answer.number is None or codes.level_of(answer.number) >= self._needed:
            return answer
        label = codes.LEVEL_LABELS[self._needed].lower()
        return Answer(
            None,
            Phrase(
                "Wilayah baris ini hanya sampai {place} ({code}). Isi kode atau nama {label}.",
                place=self.path(answer.number),
                code=codes.dotted(answer.number),
                label=label,
            ),
        )

    def _by_code(self, code: str, names: dict[Level, str]) -> Answer:
        try:
            number = codes.parse(code)
        except UnreadableCode as error:
            return self._names_instead(names, error.phrase)
        if number not in self._names:
            return self._names_instead(names, self._unknown_code(number))
        number, warning = self._deepened(number, names), self._disagreement(number, names)
        if number in self._closed:
            ended = Phrase(
                "Kode {code} ({name}) sudah tidak berlaku.", code=codes.dotted(number), name=self._names[number]
            )
            warning = joined(filter(None, [ended, warning]))
        return Answer(number, "", warning)

    def _unknown_code(self, number: int) -> str:
        code = Phrase("Kode wilayah {number}", number=codes.dotted(number))
        if self._scope is not None and not codes.contains(self._scope, number):
            return Phrase(
                "{code} berada di luar {scope}. Periksa kode atau berkasnya.", code=code, scope=self.path(self._scope)
            )
        return Phrase("{code} tidak ada dalam daftar Kemendagri. Periksa kodenya atau isi nama wilayah.", code=code)

    def _names_instead(self, names: dict[Level, str], refusal: str) -> Answer:
        """A code that leads nowhere does not condemn the row when its names reach one village."""
        found = self._by_names(names) if names[Level.VILLAGE] else Answer(None)
        if found.number is None:
            return Answer(None, refusal)
        warning = Phrase(
            "{refusal} Yang dipakai adalah namanya: {place} ({code}).",
            refusal=refusal,
            place=self.path(found.number),
            code=codes.dotted(found.number),
        )
        return Answer(found.number, "", warning)

    def _deepened(self, number: int, names: dict[Level, str]) -> int:
        """A code that stops above the village is followed down by the names, where they lead on from it."""
        below = {level: name for level, name in names.items() if name and level > codes.level_of(number)}
        found = self._by_names(below, within=number) if below else Answer(number)
        return number if found.number is None else found.number

    def _disagreement(self, number: int, names: dict[Level, str]) -> str:
        for region in codes.lineage(number):
            written = names[codes.level_of(region)]
            if written and region in self._names and not self._bears(region, written):
                return Phrase(
                    "Kode {number} adalah {place}, tetapi baris menyebut “{written}”. Kode yang dipakai; "
                    "periksa mana yang benar.",
                    number=codes.dotted(number),
                    place=self.path(number),
                    written=written,
                )
        return ""

    def _bears(self, region: int, written: str) -> bool:
        return region in self._closed or region in self._matches(codes.level_of(region), written, within=[region])

    def _by_names(self, names: dict[Level, str], *, within: int | None = None) -> Answer:
        try:
            return Answer(self.find(names, within=within))
        except (UnknownRegion, AmbiguousRegion) as error:
            return Answer(None, error.phrase)

    def find(self, names: dict[Level, str], *, within: int | None = None) -> int:
        """The region whose names these are, narrowed from the top; empty names are skipped.

        Raises UnknownRegion or AmbiguousRegion with a sentence that names the value and the way out.
        """
        candidates = [] if within is None else [within]
        deepest = ""
        for level, written in names.items():
            if not written:
                continue
            found = self._matches(level, written, within=candidates)
            if not found:
                raise UnknownRegion(self._unknown(level, written, candidates))
            candidates, deepest = found, written
        if not deepest:
            raise UnknownRegion(Phrase("Nama wilayah kosong. Isi nama atau kode wilayah."))
        if len(candidates) > 1:
            raise AmbiguousRegion(self._ambiguous(deepest, candidates))
        return candidates[0]

    def _matches(self, level: Level, written: str, *, within: list[int]) -> list[int]:
        """Regions of `level` inside one of `within` (anywhere when empty) that bear the name.

        A whole name wins over one whose level's word is left out. What the name says of its kind counts: "KOTA BOGOR"
        is no kabupaten, and "KEL. MERLUNG" is the kelurahan where a desa of that name stands beside it.
        """
        ways = readings(level, written)
        exact = _inside(self._whole.get((level, ways[0].key), []), within)
        if exact:
            return exact
        found: set[int] = set()
        for kind, key in ways:
            hits = self._whole.get((level, key), []) + self._bare.get((level, key), [])
            found.update(_of_kind(level, _inside(hits, within), kind))
        return sorted(found)

    def _unknown(self, level: Level, written: str, within: list[int]) -> str:
        place = self._place(within)
        elsewhere = self._matches(level, written, within=[])
        hint = ""
        if len(elsewhere) == 1:
            place_told = self.path(elsewhere[0])
            hint = Phrase(" Nama itu ada di {place} ({code}).", place=place_told, code=codes.dotted(elsewhere[0]))
        return Phrase(
            "{level} “{written}” tidak ditemukan di {place}.{hint} Periksa ejaannya atau isi kode wilayah.",
            level=codes.LEVEL_LABELS[level],
            written=written,
            place=place,
            hint=hint,
        )

    def _place(self, within: list[int]) -> str:
        """Where was looked, in words; never a parent of which only the scope's part is loaded."""
        if len(within) == 1 and (self._scope is None or codes.contains(self._scope, within[0])):
            return self.path(within[0])
        return self.path(self._scope) if self._scope is not None else Phrase("daftar Kemendagri")

    def _ambiguous(self, written: str, candidates: list[int]) -> str:
        named = "; ".join(f"{self.path(each)} ({codes.dotted(each)})" for each in candidates[:CANDIDATES_NAMED_MAX])
        rest = len(candidates) - CANDIDATES_NAMED_MAX
        more = Phrase("; dan {rest} lainnya", rest=rest) if rest > 0 else ""
        return Phrase(
            "“{written}” cocok dengan {count} wilayah: {named}{more}. Isi kode wilayah atau nama induknya.",
            written=written,
            count=len(candidates),
            named=named,
            more=more,
        )


def _inside(numbers: list[int], within: list[int]) -> list[int]:
    if not within:
        return numbers
    return [number for number in numbers if any(codes.contains(outer, number) for outer in within)]


def _of_kind(level: Level, numbers: list[int], kind: Kind) -> list[int]:
    """A regency must be what its name says; a village's word only decides between two of one name."""
    if not kind:
        return numbers
    fitting = [number for number in numbers if kind_of(number) is kind]
    return fitting if fitting or level is Level.REGENCY else numbers
