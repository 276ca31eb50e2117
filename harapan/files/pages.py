"""A stranger's PDF: proven by drawing it, and kept as pictures of its pages.

What was in it besides stays behind: scripts, actions, files within, forms, who wrote it with which program, and what a
camera wrote into its pictures. Nobody here ever opens the file that came.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from harapan.core.errors import Unreadable
from harapan.files import drawing
from harapan.files.pictures import SHOWN_SIDE_MAX

MEDIA_TYPE, START = "application/pdf", b"%PDF-"
SECONDS_MAX = 30
ROOM, ROOM_SECONDS = 2, 3  # drawings at once, and how long one waits: whoever sends many shall not take the machine
_room = threading.BoundedSemaphore(ROOM)


def is_one(raw: bytes) -> bool:
    return raw.startswith(START)


def pictures_of(raw: bytes, *, name: str, most: int) -> bytes:
    """A PDF of pictures of the pages. Raises Unreadable for what is none, is locked, or is too much to draw."""
    if not _room.acquire(timeout=ROOM_SECONDS):
        raise Unreadable("Banyak PDF sedang dibuka. Tunggu sebentar, lalu kirim {name} lagi.", name=name)
    try:
        drawn = subprocess.run(  # noqa: S603 - our own script, in our own Python, with nothing of our environment
            [sys.executable, "-I", str(Path(drawing.__file__)), str(most), str(SHOWN_SIDE_MAX)],
            input=raw, capture_output=True, timeout=SECONDS_MAX, env={}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _too_heavy(name) from error
    finally:
        _room.release()
    if drawn.returncode or not is_one(drawn.stdout):
        raise _refusal(drawn.returncode, name, most)
    return drawn.stdout


def _refusal(status: int, name: str, most: int) -> Unreadable:
    if status == drawing.LOCKED:
        return Unreadable("{name} terkunci kata sandi. Simpan lagi tanpa kata sandi, atau foto lembarannya.", name=name)
    if status == drawing.TOO_LONG:
        return Unreadable("{name} lebih dari {most} halaman. Kirim halaman yang penting saja.", name=name, most=most)
    if status == drawing.UNREADABLE:
        return Unreadable("{name} bukan PDF yang dapat dibuka. Kirim PDF yang utuh, atau foto lembarannya.", name=name)
    return _too_heavy(name)


def _too_heavy(name: str) -> Unreadable:
    return Unreadable(
        "{name} terlalu berat untuk dibuka. Kirim lebih sedikit halaman, atau foto lembarannya.", name=name
    )
