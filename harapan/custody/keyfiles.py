"""The key files of an installation: their copy for a backup, always apart from the data, and their return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from harapan.core.errors import Misuse, Refused
from harapan.custody.parcel import private_copy
from harapan.database import masters, places

# Without these nothing opens, is found, is seen, or is proven. `django` only keeps sign-in cookies valid.
NEEDED = ("master", "pepper", "scope", "audit-seal")
LEFT_BEHIND = ("lan", masters.NEXT_FILE)  # this machine's certificate; a rotation that did not end


def files(home: Path | None = None) -> dict[str, Path]:
    """Name -> key file of this installation, or of a copy of its keys."""
    folder = home or places.folder("keys")
    return {path.stem: path for path in sorted(folder.glob("*.key")) if path.stem not in LEFT_BEHIND}


def fingerprints(home: Path | None = None) -> dict[str, str]:
    """Name -> fingerprint of each key that a backup needs, the master key from the environment where it is there."""
    found = {name: masters.fingerprint(path.read_bytes()) for name, path in files(home).items() if name in NEEDED}
    if masters.in_environment():
        found["master"] = masters.fingerprint(masters.in_force())
    return found


def refuse_together(data: Path, keys: Path) -> None:
    """Raises Misuse where one folder is, or lies in, the other: whoever has both reads every number."""
    one, other = data.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise Misuse(
            "Kunci tidak boleh disimpan bersama datanya ({keys}): siapa yang memegang keduanya membaca semua nomor. "
            "Beri --keys folder di tempat lain, sebaiknya di media lain.",
            keys=keys,
        )


def refuse_overwriting(target: Path) -> None:
    """Raises Refused where a folder of copies holds other keys: an older backup needs them."""
    for name, path in files().items():
        kept = target / path.name
        if kept.exists() and kept.read_bytes() != path.read_bytes():
            raise Refused(
                "Folder {target} sudah memuat kunci {name} yang lain, yang masih diperlukan cadangan lama. "
                "Pilih folder baru.",
                target=target,
                name=name,
            )


def save(target: Path) -> int:
    """Copy the key files (0600) to a folder; how many."""
    target.mkdir(mode=places.PRIVATE, parents=True, exist_ok=True)
    for path in files().values():
        private_copy(path, target / path.name)
    return len(files())


def refuse_others(wanted: dict[str, str], source: Path | None) -> None:
    """Raises Refused unless these keys (a copy, or those in place) are the ones a backup was made with."""
    where = source or places.folder("keys")
    if source and not source.is_dir():
        raise Refused("Folder kunci {source} tidak ada. Periksa --keys.", source=source)
    have = fingerprints(source)
    for name, mark in wanted.items():
        if name not in have:
            raise Refused(
                "Kunci {name} tidak ada di {folder}. Sebut folder cadangan kuncinya dengan --keys; "
                "tanpa kunci itu cadangan tidak dapat dibuka.",
                name=name,
                folder=where,
            )
        if have[name] != mark:
            raise Refused(
                "Kunci {name} di {folder} bukan yang dipakai cadangan ini. Pakai cadangan kunci dari waktu yang sama.",
                name=name,
                folder=where,
            )


def put_back(source: Path) -> None:
    """Copy a copy of the keys into this installation. Refuses to write over another key."""
    for name, path in _differing(source):
        raise Refused(
            "Pemasangan ini sudah mempunyai kunci {name} yang lain ({path}). "
            "Pulihkan ke HARAPAN_VAR yang baru; kunci tidak pernah ditimpa.",
            name=name,
            path=path,
        )
    for path in files(source).values():
        private_copy(path, places.folder("keys") / path.name)


def signing_key(source: Path | None) -> Ed25519PrivateKey:
    """The key of seals, which signs backups as well."""
    return Ed25519PrivateKey.from_private_bytes(files(source)["audit-seal"].read_bytes())


def _differing(source: Path) -> Iterator[tuple[str, Path]]:
    here = files()
    for name, path in files(source).items():
        if name in here and here[name].read_bytes() != path.read_bytes():
            yield name, here[name]
