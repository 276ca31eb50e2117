"""Whether stored files are still what was stored: contents against their name, rows against the log's entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connections

from harapan.core.errors import HarapanError
from harapan.database.scope import active_alias
from harapan.files import storage
from harapan.files.models import StoredFile

# Every row of files is added and removed under a trigger, so the log names each with its digest.
_LOGGED = """
    SELECT entry.verb, (stored.value ->> 'id')::uuid AS id, stored.value ->> 'digest' AS digest
    FROM audit_entry entry, jsonb_array_elements(entry.body::jsonb) stored
    WHERE entry.verb IN ('file.added', 'file.removed') AND entry.subject_kind = 'file' AND entry.body IS NOT NULL"""
_DIFFERING = f"""
    WITH logged AS ({_LOGGED}),
         known AS (SELECT id, digest FROM logged a WHERE verb = 'file.added'
                   AND NOT EXISTS (SELECT FROM logged r WHERE r.verb = 'file.removed' AND r.id = a.id))
    SELECT coalesce(known.id, f.id), known.id IS NULL, f.id IS NULL
    FROM known FULL JOIN files_storedfile f ON f.id = known.id
    WHERE known.digest IS DISTINCT FROM f.digest ORDER BY 1"""  # noqa: S608
_ERASED = "SELECT EXISTS (SELECT FROM audit_entry WHERE verb = 'file.added' AND body IS NULL)"


def faults(moved: Callable[[], None] = lambda: None) -> Iterator[str]:
    """One sentence for each file that is not as it was stored. Needs the batch scope; `moved` is called for each."""
    yield from _rows_unlike_the_log()
    for file in StoredFile.objects.order_by("pk").iterator():
        if wrong := _fault(file):
            yield f"Berkas {file.name} ({file.pk}): {wrong}"
        moved()


def _rows_unlike_the_log() -> Iterator[str]:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_ERASED)
        erased = cursor.fetchone()[0]  # an entry emptied under the law names its files no more
        cursor.execute(_DIFFERING)
        for number, unknown, gone in cursor.fetchall():
            if gone:
                yield f"Berkas {number} dihapus dari daftar tanpa catatan."
            elif not unknown:
                yield f"Berkas {number} bukan lagi yang dicatat saat disimpan."
            elif not erased:
                yield f"Berkas {number} tidak dikenal oleh catatan."


def _fault(file: StoredFile) -> str:
    try:
        with storage.open_stream(file) as clear:
            found = storage.digest_of(file.kind, clear)
    except HarapanError as broken:
        return str(broken)
    return "" if found == (file.digest, file.size) else "isinya bukan yang disimpan."
