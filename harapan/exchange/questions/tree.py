"""XML read into elements that know their line; nothing in the file can reach outside it or grow beyond it.

The standard library's tree forgets lines, and refuses neither document types nor what they declare. Here any document
type is refused, and with it every entity: none of the attacks that XML is known for begins without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from harapan.core.errors import Unreadable

BYTES_MAX = 20 * 1024 * 1024  # with its pictures
DEPTH_MAX = 12


@dataclass(slots=True)
class Node:
    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def first(self, tag: str) -> Node | None:
        return next(self.every(tag), None)

    def every(self, tag: str) -> Iterator[Node]:
        return (child for child in self.children if child.tag == tag)


def read(raw: bytes) -> Node:
    """The root. Raises Unreadable, naming the line."""
    if len(raw) > BYTES_MAX:
        raise Unreadable("Berkas soal lebih besar dari 20 MB. Pecah menjadi beberapa berkas.")
    parser = expat.ParserCreate()
    root = Node("", 0, {})
    open_nodes = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > DEPTH_MAX:
            raise Unreadable("Baris {line}: unsurnya terlalu dalam untuk berkas soal.", line=parser.CurrentLineNumber)
        node = Node(tag, parser.CurrentLineNumber, attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def doctype(*_declared: object) -> None:
        raise Unreadable(
            "Baris {line}: berkas soal tidak boleh memuat DOCTYPE. Ekspor kembali dari Moodle sebagai Moodle XML.",
            line=parser.CurrentLineNumber,
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: open_nodes.pop()
    parser.CharacterDataHandler = lambda data: open_nodes[-1].pieces.append(data)
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise Unreadable(
            "Baris {line}: ini bukan XML yang utuh. Ekspor kembali dari Moodle, atau periksa tanda kurungnya.",
            line=error.lineno,
        ) from error
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise Unreadable("Berkas soal ini bukan XML dalam UTF-8. Simpan kembali sebagai UTF-8.") from error
    return root.children[0]
