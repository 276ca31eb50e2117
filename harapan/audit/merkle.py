"""What is signed: a leaf per entry, a Merkle root over the leaves, a hash that chains one seal to the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

ID_BYTES, HASH_BYTES = 8, 32
PACKED = ID_BYTES + HASH_BYTES
NOTHING = bytes(HASH_BYTES)  # what the first seal follows, and the root over no entry
_LEAF, _NODE = b"\x00", b"\x01"  # kept apart, so that no node can pass for a leaf

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# The columns of a leaf, in order. `body` enters as its salted hash, so that erasing it leaves the leaf as it was.
LEAF_COLUMNS = (
    "id, era, xid::text, (extract(epoch FROM at) * 1000000)::bigint, actor, on_behalf, via, verb, subject_kind,"
    " subject, why, encode(coalesce(redacted, sha256(salt || convert_to(coalesce(body, ''), 'UTF8'))), 'hex')"
)


def leaf(row: Sequence[object]) -> bytes:
    """The hash of one entry, given as LEAF_COLUMNS."""
    return sha256(_LEAF + _encode(row).encode()).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root; an odd one at the end of a level moves up as it is."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [sha256(_NODE + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0] if level else NOTHING


def packed(leaves: Sequence[tuple[int, bytes]]) -> bytes:
    """Leaves with the entry each belongs to, so that a broken one can be named: (id, leaf) after (id, leaf)."""
    return b"".join(number.to_bytes(ID_BYTES, "big") + digest for number, digest in leaves)


def unpacked(blob: bytes) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(blob), PACKED):
        yield int.from_bytes(blob[at : at + ID_BYTES], "big"), blob[at + ID_BYTES : at + PACKED]


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal over the entries of an era with after_xid <= xid < upto_xid. `at_us`: microseconds since 1970."""

    no: int
    era: int
    after_xid: int
    upto_xid: int
    entries: int
    root: bytes
    prev: bytes
    at_us: int

    @property
    def hash(self) -> bytes:
        facts = (self.no, self.era, self.after_xid, self.upto_xid, self.entries, self.root.hex(), self.at_us)
        return sha256(self.prev + _encode(facts).encode()).digest()
