"""`harapan keys`: which data keys there are, and changing them."""

from __future__ import annotations

from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.cli.output import ROWS_REFUSED, answer, as_json, progress
from harapan.cli.session import acting
from harapan.core.errors import Misuse
from harapan.core.money import thousands
from harapan.custody import rotation
from harapan.custody.rotation import Resealed
from harapan.database import keys, masters
from harapan.database.scope import put_on
from harapan.ui import words

PERMISSION = "key.rotate"
SHOWN_MAX = 20


@click.group()
def command() -> None:
    """Kelola kunci data, yang menyandikan nomor orang dan berkas.

    Contoh: harapan keys rotate --reencrypt --why "laptop hilang"
    """


@command.command("list")
@click.option("--count", is_flag=True, help="Hitung juga isi di bawah tiap kunci; membaca seluruh data.")
@acting
@as_json
def list_command(count: bool, by: Any, why: str | None, as_json: bool) -> None:
    """Kunci data: nomor, kapan dibuat, kapan dipensiunkan. Kuncinya sendiri tidak pernah ditampilkan.

    Contoh: harapan keys list --count
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope, read_only=True):
        found = keys.listed()
    counts = rotation.counted() if count else {}
    value = [
        {**key._asdict(), **({"sealed": sum(place[key.number] for place in counts.values())} if count else {})}
        for key in found
    ]
    answer(value, as_json=as_json, words=lambda: "\n".join(map(_line, value)))


def _line(key: dict[str, Any]) -> str:
    if key["number"] == keys.BEFORE_WRAPPING:
        state = "untuk berkas dari sebelum kunci dibungkus"
    else:
        state = f"pensiun {words.moment(key['retired_at'])}" if key["retired_at"] else "dipakai sekarang"
    sealed = f", {thousands(key['sealed'])} isi" if "sealed" in key else ""
    return f"Kunci {key['number']}: dibuat {words.moment(key['made_at'])}, {state}{sealed}"


@command.command()
@click.option("--master", is_flag=True, help="Ganti kunci induk: bungkus ulang semua kunci data, sekejap.")
@click.option("--reencrypt", is_flag=True, help="Sandikan ulang semua nomor dan berkas di bawah kunci terbaru.")
@acting
@as_json
def rotate(master: bool, reencrypt: bool, by: Any, why: str | None, as_json: bool) -> int:
    """Buat kunci data baru untuk yang ditulis mulai sekarang; yang lama tetap membuka isinya.

    Dengan --reencrypt semua isi dipindahkan ke kunci terbaru, di sela pekerjaan lain. Bila terhenti, ulangi saja:
    yang sudah dipindahkan dilewati. Bila semuanya sudah di kunci terbaru, kunci baru dibuat dulu.

    Contoh: harapan keys rotate --reencrypt --why "pergantian tahunan"
    """
    demand(by.post, PERMISSION)
    if master and reencrypt:
        raise Misuse("Pilih salah satu: --master mengganti pembungkus kunci, --reencrypt menyandikan ulang isinya.")
    who: Any = {"actor": by.user.pk, "why": why or ""}
    if master:
        count = rotation.new_master_key(**who)
        answer({"keys": count, "master": "new"}, as_json=as_json, words=lambda: _master_words(count))
        return 0
    if not reencrypt:
        number = rotation.new_data_key(**who)
        answer(
            {"key": number}, as_json=as_json, words=lambda: f"Kunci data {number} dibuat dan dipakai mulai sekarang."
        )
        return 0
    return _walk(who, as_json=as_json)


def _master_words(count: int) -> str:
    if masters.in_environment(masters.NEXT_VARIABLE):
        place = f"Sekarang isi {masters.VARIABLE} dengan yang baru dan kosongkan {masters.NEXT_VARIABLE}."
    else:
        place = f"Salin {masters.path()} ke cadangan kunci; cadangan lama tetap memerlukan kunci induk yang lama."
    return f"{count} kunci data dibungkus dengan kunci induk yang baru. {place}"


def _walk(who: Any, *, as_json: bool) -> int:
    with progress(total=0, label="Menyandikan ulang") as bar:

        def started(total: int) -> None:
            bar.length = total

        done = rotation.reencrypt(**who, started=started, moved=bar.update)
    value = {"key": done.key, "moved": done.moved, "left": done.left, "broken": done.broken}
    answer(value, as_json=as_json, words=lambda: _walk_words(done))
    return ROWS_REFUSED if done.left else 0


def _walk_words(done: Resealed) -> str:
    lines = [f"{thousands(done.moved)} isi disandikan ulang di bawah kunci {done.key}."]
    waiting = done.left - len(done.broken)
    if waiting > 0:
        lines.append(f"{thousands(waiting)} isi sedang dipakai pekerjaan lain; jalankan sekali lagi sesudahnya.")
    if done.broken:
        lines.append(f"{len(done.broken)} isi tidak terbuka dan dibiarkan. Kembalikan dari cadangan:")
        lines += [f"- {place}" for place in done.broken[:SHOWN_MAX]]
    return "\n".join(lines)
