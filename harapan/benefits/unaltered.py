"""Whether a snapshot on disk is still the one that was frozen: its manifest by hash, and every file it names.

Asked before anything is computed from it, the first time as well as years later. A file that no manifest names is as
bad as one that was changed: the engine would read it.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from harapan.benefits.models import Snapshot
from harapan.core.errors import Refused
from harapan.database import places
from harapan.engine.comparing import altered_files
from harapan.engine.snapshot import MANIFEST


def refuse_altered(snapshot: Snapshot) -> None:
    """Raises Refused naming what is not as it was frozen: the manifest, what the record says of it, or a file."""
    manifest = _manifest_of(snapshot)
    name, number = snapshot.stage.name, snapshot.number
    if manifest != snapshot.manifest:
        raise Refused(
            "Catatan pembekuan {number} tahap {name} di basis data tidak sama dengan manifesnya. Lihat siapa "
            "yang mengubahnya dengan `harapan audit verify`.",
            number=number,
            name=name,
        )
    altered = altered_files(snapshot.folder, manifest["files"])
    if altered:
        raise Refused(
            "Berkas {altered} dari pembekuan {number} tahap {name} hilang atau bukan lagi yang dibekukan. "
            "Kembalikan foldernya dari cadangan.",
            altered=", ".join(altered),
            number=number,
            name=name,
        )


def _manifest_of(snapshot: Snapshot) -> dict[str, Any]:
    try:
        told = (snapshot.folder / MANIFEST).read_bytes()
    except OSError as trouble:
        raise Refused(
            "Pembekuan {number} tahap {stage} tidak ada di {var}. Kembalikan foldernya dari cadangan.",
            number=snapshot.number,
            stage=snapshot.stage.name,
            var=places.var(),
        ) from trouble
    if sha256(told).hexdigest() != snapshot.manifest_sha256:
        raise Refused(
            "Manifes pembekuan {number} tahap {stage} bukan lagi yang dibekukan. Kembalikan foldernya dari cadangan.",
            number=snapshot.number,
            stage=snapshot.stage.name,
        )
    manifest: dict[str, Any] = json.loads(told)
    return manifest
