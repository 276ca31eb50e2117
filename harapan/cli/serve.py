"""`harapan serve`: web, worker and embedded database together, until told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import FrameType

import click
from django.db import connections

from harapan.cli.children import Child, stop_all, stop_left_behind
from harapan.cli.door import Door
from harapan.cli.setup import run_steps
from harapan.core.errors import Refused
from harapan.database import embedded, environment, places

WEB = ("-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "2")
WEB_LOGS = ("--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "5")
APPLICATION = "harapan.wsgi:application"
WORKER = ("-m", "harapan.jobs.worker")
FIRST_ANSWER = 60.0  # seconds
HOPELESS = 4  # deaths before the first answer
GLANCE = 0.2  # seconds between looks at the children
ROUND = 2.0  # seconds between looks at the database


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Porta halaman web.")
@click.option("--lan", is_flag=True, help="Terima juga komputer dan HP lain di jaringan ini, lewat HTTPS.")
@click.option("--open", "open_page", is_flag=True, help="Buka halamannya di peramban.")
@click.option("--demo", is_flag=True, help="Isi dulu provinsi contoh bila pemasangan ini masih kosong.")
@click.pass_context
def command(ctx: click.Context, port: int, lan: bool, open_page: bool, demo: bool) -> None:
    """Jalankan halaman web, pekerja latar, dan basis data bawaan bersama-sama, sampai Ctrl+C.

    Contoh: harapan serve --port 8080
    """
    with _only_one():
        stop_left_behind()
        door = Door.to_the_network(port) if lan else Door(port)
        _refuse_taken(door)
        run_steps(say=click.echo)
        if demo:
            ctx.invoke(import_module("harapan.cli.demo").command, if_empty=True, address=door.addresses[0])
        connections.close_all()
        ending = _ending()
        web = Child("web", (*WEB, *WEB_LOGS, *door.arguments, APPLICATION), _for_children(door))
        worker = Child("worker", WORKER, _for_children(door))
        try:
            web.start()
            worker.start()
            _await_answer(web, door, ending)
            if not ending.is_set():
                _announce(door, open_page)
            _keep((web, worker), ending)
        finally:
            stop_all((web, worker))


@contextmanager
def _only_one() -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(places.lock("serve", wait=False))
        except places.Busy as error:
            raise Refused(
                f"Harapan di folder {places.var()} sudah berjalan. "
                "Hentikan dulu (Ctrl+C di jendelanya), atau pakai folder lain dengan HARAPAN_VAR."
            ) from error
        yield


def _refuse_taken(door: Door) -> None:
    port = door.port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((door.host, port))
        except PermissionError as error:
            raise Refused(f"Porta {port} hanya untuk root. Pilih yang di atas 1023, misalnya --port 8000.") from error
        except OSError as error:
            raise Refused(
                f"Porta {port} sedang dipakai program lain. Hentikan program itu, atau pilih --port {port + 1}."
            ) from error


def _ending() -> threading.Event:
    """Set by Ctrl+C, by SIGTERM and by a closed terminal."""
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, end)
    return ending


def _for_children(door: Door) -> dict[str, str]:
    """The children's environment: three logins, never the owner's."""
    given = {name: value for name, value in os.environ.items() if name != environment.OWNER_VARIABLE}
    return given | door.environment | {"HARAPAN_POOL": "1", "HARAPAN_VAR": str(places.var()), "PYTHONUNBUFFERED": "1"}


def _await_answer(web: Child, door: Door, ending: threading.Event) -> None:
    deadline = time.monotonic() + FIRST_ANSWER
    while not ending.is_set() and not _answers(door):
        web.tend()
        if web.deaths >= HOPELESS or time.monotonic() > deadline:
            raise Refused(f"Halaman web tidak mau berjalan. Sebabnya tercatat di {web.log}.")
        ending.wait(GLANCE)


def _answers(door: Door) -> bool:
    try:
        with urllib.request.urlopen(door.addresses[0], timeout=10, context=door.trust):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


def _announce(door: Door, open_page: bool) -> None:
    for address in door.addresses:
        click.echo(f"Harapan siap di {address} (Ctrl+C untuk berhenti)")
    if door.certificate:
        click.echo(
            "Peramban akan memperingatkan sekali, karena sertifikatnya dibuat sendiri oleh komputer ini. "
            f"Cocokkan sidik jari SHA-256-nya: {door.certificate.fingerprint}"
        )
    if open_page:
        webbrowser.open(door.addresses[0])


def _keep(children: tuple[Child, ...], ending: threading.Event) -> None:
    """Start anew whatever dies, until told to end."""
    ours = environment.embedded_in_use()
    look_at_database = time.monotonic() + ROUND
    while not ending.wait(GLANCE):
        for child in children:
            if child.tend():
                click.echo(f"Proses {child.name} berhenti dan dijalankan lagi; catatannya di {child.log}.", err=True)
        if ours and time.monotonic() > look_at_database:
            _mend_database()
            look_at_database = time.monotonic() + ROUND


def _mend_database() -> None:
    if embedded.mend() != os.environ[environment.OWNER_VARIABLE]:
        raise Refused("Basis data berhenti dan portanya diambil program lain. Jalankan `harapan serve` sekali lagi.")
