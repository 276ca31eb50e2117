"""`harapan demo`: a synthetic province with the true regions, who may sign in to it, and files that fit it."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.urls import reverse

from harapan.cli.output import answer, as_json, called
from harapan.database.scope import Scope, put_on
from harapan.demo import actions, logins
from harapan.demo.actions import Demo
from harapan.demo.examples import Example, examples
from harapan.demo.samples import write_files
from harapan.demo.world import FAMILIES_DEFAULT, SEED_DEFAULT

FAMILIES_MIN = 300
ADDRESS = "http://127.0.0.1:8000"


@click.group(invoke_without_command=True)
@click.option("--province", default="63", show_default=True, metavar="KODE", help="Kode provinsi Kemendagri.")
@click.option("--families", default=FAMILIES_DEFAULT, show_default=True, type=click.IntRange(FAMILIES_MIN),
              metavar="N", help="Banyaknya keluarga; 111671 seperti angka 2023.")  # fmt: skip
@click.option("--seed", default=SEED_DEFAULT, show_default=True, metavar="N", help="Angka lain, orang lain.")
@click.option("--if-empty", is_flag=True, help="Diam saja bila pemasangan ini sudah berisi keluarga.")
@click.option(
    "--fresh",
    is_flag=True,
    help="Ganti peragaan yang ada: semua keluarga, uang, dan berkas di pemasangan ini dihapus dahulu.",
)
@click.option("--address", default=ADDRESS, hidden=True, help="Where `serve` will answer.")
@as_json
@click.pass_context
def command(
    ctx: click.Context, province: str, families: int, seed: int, if_empty: bool, fresh: bool, address: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Isi pemasangan ini dengan provinsi contoh: wilayahnya benar, orangnya rekaan. Aman diulang.

    \b
    Contoh: harapan demo
            harapan demo --families 111671
            harapan demo code dinsos-tapin
            harapan demo files contoh/
    """
    if ctx.invoked_subcommand:
        return
    asked = Demo(province, families, seed)
    standing = actions.present()
    if standing is not None and not fresh and (standing == asked or if_empty):
        actions.complete(say=_say)
        _introduce(standing, fresh=False, address=address, as_json=as_json)
        return
    if fresh and standing is not None:
        actions.remove(say=_say)
    started = time.monotonic()
    try:
        world = actions.load(asked, say=_say)
    except actions.AlreadyFilled as filled:
        if not if_empty:
            raise
        click.echo(str(filled), err=True)
        return
    actions.complete(world, say=_say)
    _say(f"Selesai dalam {time.monotonic() - started:.0f} detik")
    _introduce(asked, fresh=True, address=address, as_json=as_json)


@command.command(short_help="Tampilkan kode kedua seorang pengguna peragaan.")
@click.argument("username", metavar="PENGGUNA")
def code(username: str) -> None:
    """Tampilkan kode enam angka pengguna peragaan, yang berlaku sekarang.

    Contoh: harapan demo code dinsos-tapin
    """
    with put_on(Scope.common(via="demo")):
        click.echo(logins.current_code(username))


@command.command(short_help="Tulis berkas contoh untuk mencoba impor.")
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
def files(folder: Path) -> None:
    """Tulis berkas contoh yang cocok dengan peragaan ini, untuk mencoba impor.

    Contoh: harapan demo files contoh/
    """
    for name, told in write_files(actions.standing_world(), folder).items():
        click.echo(f"{name}\n  {called()} {told}")


@command.command(short_help="Sebutkan kesulitan yang ditanam, dengan contohnya.")
@as_json
def difficulties(as_json: bool) -> None:
    """Sebutkan kesulitan yang ditanam dalam peragaan ini, di mana terlihat, dan satu contoh keluarganya.

    Contoh: harapan demo difficulties
    """
    found = examples(actions.standing_world())
    answer([asdict(each) for each in found], as_json=as_json, words=lambda: "\n".join(map(_in_words, found)))


def _in_words(example: Example) -> str:
    return (
        f"{example.text}\n  {example.families} keluarga; lihat {example.find}. "
        f"Misalnya {example.name}, IDDTKS {example.dtks_id}, {example.place}."
    )


def _say(line: str) -> None:
    click.echo(f"{line} ...", err=True)


def _introduce(demo: Demo, *, fresh: bool, address: str, as_json: bool) -> None:
    with put_on(Scope.common(via="demo")):
        found = logins.one_per_role()
    value = {
        "families": demo.families,
        "loaded": fresh,
        "link": f"{address}{reverse('account_login')}",
        "password": logins.password(),
        "logins": [
            {"role": each.role, "place": each.place, "username": each.username, "second_factor": each.second_factor}
            for each in found
        ],
    }
    answer(value, as_json=as_json, words=lambda: _words(demo, found, fresh=fresh, link=value["link"]))


def _words(demo: Demo, found: list[logins.Login], *, fresh: bool, link: Any) -> str:
    count = f"{demo.families:,}".replace(",", ".")
    first = "Provinsi contoh siap" if fresh else "Provinsi contoh sudah ada"
    width = max(len(f"{each.role}, {each.place}") for each in found)
    names = max(len(each.username) for each in found)
    command_name = called()
    rows = [
        f"  {f'{each.role}, {each.place}':<{width}}  {each.username:<{names}}  "
        + (f"{command_name} demo code {each.username}" if each.second_factor else "-")
        for each in found
    ]
    head = f"  {'Peran':<{width}}  {'Pengguna':<{names}}  Kode kedua"
    return "\n".join(
        [
            f"{first}: {count} keluarga rekaan di Kalimantan Selatan, wilayah yang benar.",
            "",
            head,
            *rows,
            "",
            f"Masuk di {link}",
            f"Kata sandi semuanya, hanya di pemasangan ini: {logins.password()}",
        ]
    )
