"""Storing and opening files. On disk a file is encrypted and named by a keyed hash; equal contents lie there once."""

from __future__ import annotations

import hmac
import io
import mimetypes
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.http import StreamingHttpResponse

from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database import places
from harapan.database.scope import Scope, atomic, put_on
from harapan.database.sealing import derived
from harapan.files import chunks
from harapan.files.models import StoredFile

NAME_MAX = 200
LEFT_ALONE_SECONDS = 24 * 3600  # a file just written may belong to a transaction not yet committed

Contents = bytes | Path | BinaryIO


def store(
    name: str,
    *,
    kind: str,
    contents: Contents,
    owner: int,
    region_no: int = 0,
    group_no: int = 0,
    media_type: str = "",
) -> StoredFile:
    """Keep a file under `var/files` and as a row of the scope now on.

    name: as the person knows it ("daftar.xlsx"). kind: import, refused, export, minutes, sheet, evidence, pack,
    photograph; equal contents of one kind, owner and place are one row. contents: bytes, a path, or an open file that
    can be read again from its start. owner: user number. Bytes on disk outlive a rolled back transaction until `sweep`.
    """
    digest, size = lay_down(kind, contents)
    place = {"kind": kind, "digest": digest, "owner": owner, "region_no": region_no, "group_no": group_no}
    with atomic():
        known = StoredFile.objects.filter(**place).order_by("stored_at").first()
        if known:
            return known
        return StoredFile.objects.create(
            name=Path(name).name[-NAME_MAX:] or "berkas",
            media_type=media_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=size,
            **place,
        )


def lay_down(kind: str, contents: Contents) -> tuple[str, int]:
    """Encrypt contents under `var/files`; their digest and size. For whoever writes many rows at once."""
    with _readable(contents) as source:
        digest, size = digest_of(kind, source)
        path = _path(digest)
        if path.exists() and _opens(path, digest):
            os.utime(path)  # young again, so that no sweep takes it meanwhile
        else:  # also in place of one that a restored database has no key for
            source.seek(0)
            _write(path, source, digest)
    return digest, size


def _opens(path: Path, digest: str) -> bool:
    """Whether its first piece opens under a key we have."""
    try:
        with chunks.opened(path, name=digest) as clear:
            clear.read(1)
    except chunks.FileBroken:
        return False
    return True


def open_stream(file: StoredFile) -> BinaryIO:
    """The contents in clear, readable from any place. The caller accounts for the look."""
    return open_laid_down(file.digest)


def open_laid_down(digest: str) -> BinaryIO:
    """As `open_stream`, for contents that have no row yet."""
    return chunks.opened(_path(digest), name=digest)


def read(file: StoredFile) -> bytes:
    """The whole contents; for files whose size the caller has looked at."""
    with open_stream(file) as clear:
        return clear.read()


def delete(file: StoredFile) -> None:
    """Take the row away; the bytes go with the next sweep, unless another row has the same."""
    file.delete()


def sweep(*, older_than_seconds: float = LEFT_ALONE_SECONDS) -> int:
    """Remove bytes that no row has any more; how many files. Needs the batch scope, which sees every row."""
    edge = time.time() - older_than_seconds
    home = places.folder("files")
    try:
        with kept(wait=False):
            old = {path.name: path for path in home.glob("??/*") if path.stat().st_mtime < edge}
            known = set(StoredFile.objects.filter(digest__in=old).values_list("digest", flat=True)) if old else set()
            for name in old.keys() - known:
                old[name].unlink(missing_ok=True)
            return len(old.keys() - known)
    except places.Busy:
        return 0  # tomorrow


def kept(*, wait: bool = True) -> AbstractContextManager[None]:
    """While this is on, no file is removed: a backup holds it from its moment until all files are copied."""
    return places.lock("files", wait=wait)


def stored() -> Iterator[tuple[Path, int | None]]:
    """Every file under `var/files` and the data key it stands under (None: it is none of ours), in order."""
    for shelf in sorted(places.folder("files").glob("??")):
        for path in sorted(shelf.glob("[!.]*")):
            try:
                yield path, chunks.key_number(path)
            except FileNotFoundError:
                continue  # swept meanwhile


def encrypt_anew(path: Path) -> None:
    """Encrypt a stored file under the current data key; it is there whole at any moment. Raises FileBroken."""
    with chunks.opened(path, name=path.name) as clear:
        _write(path, clear, path.name)


def download(file: StoredFile, *, scope: Scope, inline: bool = False) -> StreamingHttpResponse:
    """The answer that hands a file over. The look is written and committed before the first byte: no entry, no file."""
    response = StreamingHttpResponse(_handed_over(file, scope), content_type=file.media_type)
    manner = "inline" if inline and file.media_type == "application/pdf" else "attachment"
    response["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(file.name)}"
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _handed_over(file: StoredFile, scope: Scope) -> Iterator[bytes]:
    # Runs after the page's transaction has ended, so it puts on the scope again.
    with put_on(scope):
        log.record("file.opened", kind="file", body={"file": str(file.pk), "name": file.name, "kind": file.kind})
    yield from chunks.pieces(_path(file.digest), name=file.digest)


@contextmanager
def _readable(contents: Contents) -> Iterator[BinaryIO]:
    if isinstance(contents, bytes):
        yield io.BytesIO(contents)
    elif isinstance(contents, Path):
        try:
            file = contents.open("rb")
        except FileNotFoundError as error:
            raise Refused("Berkas {contents} tidak ada. Periksa nama dan foldernya.", contents=contents) from error
        except OSError as error:
            raise Refused(
                "Berkas {contents} tidak dapat dibaca. Periksa izinnya, dan bahwa itu berkas, bukan folder.",
                contents=contents,
            ) from error
        with file:
            yield file
    else:
        contents.seek(0)
        yield contents


def digest_of(kind: str, source: BinaryIO) -> tuple[str, int]:
    """The name of such contents and their size. Keyed: a bare hash would tell whoever holds a copy that it is here."""
    keyed, size = hmac.new(derived("pepper", "file name"), kind.encode() + b"\0", "sha256"), 0
    while piece := source.read(chunks.PIECE):
        keyed.update(piece)
        size += len(piece)
    return keyed.hexdigest(), size


def _path(digest: str) -> Path:
    return places.folder("files") / digest[:2] / digest


def _write(path: Path, source: BinaryIO, digest: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(mode=places.PRIVATE, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".")  # 0600
    try:
        with open(descriptor, "wb") as target:
            chunks.encrypt(source, target, name=digest)
            target.flush()
            os.fsync(target.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
