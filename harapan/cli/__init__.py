"""The `harapan` command: reads arguments, calls actions, answers in words or in JSON.

Exit status: 0 done, 1 refused whole, 2 wrong usage, 3 done but rows were refused. Every refusal is one sentence on
stderr. Asking for help loads nothing but the command asked about.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from types import FrameType
from typing import NamedTuple, NoReturn

import click

from harapan import __version__
from harapan.cli import wording
from harapan.core.errors import HarapanError, NotForRole
from harapan.database.places import folder

INTERRUPTED = 130
TERMINATED = 143
NOT_FOR_ROLE = (
    "Perintah ini bukan untuk peran yang menjalankannya. Ulangi dengan --as dan nama pengguna yang berwenang, "
    "misalnya --as dinsos-tapin."
)


class Needs(Enum):
    """What must stand before a command's module is loaded."""

    NOTHING = "nothing"
    DATABASE = "database"  # addresses known, server running, Django loaded; nothing said about tables
    TABLES = "tables"  # and every migration applied


class Entry(NamedTuple):
    """One command: its module below harapan.cli, which offers it as `command`, and its line of help."""

    module: str
    help: str
    needs: Needs = Needs.TABLES


ERRANDS: dict[str, dict[str, Entry]] = {
    "Memulai": {
        "setup": Entry("setup", "Siapkan basis data, wilayah, dan operator; aman diulang.", Needs.DATABASE),
        "demo": Entry("demo", "Isi provinsi contoh dengan data buatan."),
        "serve": Entry("serve", "Jalankan halaman web dan pekerja latar.", Needs.DATABASE),
        "user": Entry("user", "Kelola pengguna, jabatan, kata sandi, dan langkah kedua."),
        "keys": Entry("keys", "Lihat dan ganti kunci yang menyandikan nomor dan berkas."),
        "backup": Entry("backup", "Cadangkan basis data, berkas, dan jangkar; kunci terpisah."),
        "restore": Entry("restore", "Pulihkan cadangan ke pemasangan yang kosong.", Needs.NOTHING),
        "doctor": Entry("doctor", "Periksa pemasangan ini dan katakan apa yang kurang.", Needs.NOTHING),
    },
    "Data dan tahap": {
        "import": Entry("imports", "Baca daftar dari luar: diuji dulu, ditulis dengan --commit."),
        "lists": Entry("lists", "Bandingkan dua daftar kementerian."),
        "stage": Entry("stage", "Rencanakan, jalankan, dan tutup satu tahap."),
        "integrity": Entry("integrity", "Cari catatan yang perlu dicek, dan tera penandanya."),
        "report": Entry("report", "Buat laporan RHK seorang petugas, atau semua di wilayah."),
        "caseload": Entry("caseload", "Lihat beban dampingan dan usulkan pembagiannya."),
        "places": Entry("places", "Susun rencana tempat diklat sampai antreannya habis."),
        "recruitment": Entry("recruitment", "Lihat putaran rekrutmen dan hitung ulang peringkatnya."),
    },
    "Perhitungan dan pembuktian": {
        "engine": Entry("engine", "Hitung hak dari berkas, tanpa basis data.", Needs.NOTHING),
        "audit": Entry("audit", "Periksa keutuhan catatan siapa melihat dan mengubah apa."),
        "bench": Entry("bench", "Ukur kecepatan dan memori.", Needs.DATABASE),
    },
}
click.Context.formatter_class = wording.Formatter
COMMANDS = {name: entry for entries in ERRANDS.values() for name, entry in entries.items()}


class Errands(click.Group):
    """Commands grouped by errand, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.needs is not Needs.NOTHING:
            session = import_module("harapan.cli.session")
            session.open_for(ctx, tables=entry.needs is Needs.TABLES, help_only=_asks_for_help(ctx))
        command = import_module(f"harapan.cli.{entry.module}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for errand, entries in ERRANDS.items():
            with formatter.section(errand):
                formatter.write_dl([(name, entry.help) for name, entry in entries.items()])


@click.group(cls=Errands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version=__version__, prog_name="harapan")
def harapan() -> None:
    """Harapan: sistem penyaluran PKH, dari daftar sampai ke tangan keluarga.

    Keterangan tiap perintah, dengan contoh: harapan PERINTAH --help
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit status."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # nohup
            signal.signal(ending, _leave)
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = harapan.main(given, prog_name="harapan", standalone_mode=False, obj=given)
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return asked.exit_code
    except click.ClickException as refusal:
        _say(wording.told(refusal))
        return refusal.exit_code
    except NotForRole as refusal:
        _say(NOT_FOR_ROLE)
        return refusal.exit_status
    except HarapanError as refusal:
        _say(str(refusal))
        return refusal.exit_status
    except OSError as fault:
        _say(_unopened(fault) if fault.filename else _recorded(fault))
        return 1
    except Exception as surprise:
        _say(_recorded(surprise))
        return 1
    return status if isinstance(status, int) else 0


def _leave(number: int, frame: FrameType | None) -> None:
    """Die as anybody asked to, but give back what is held: the last command stops the embedded database."""
    sys.exit(TERMINATED)


def _asks_for_help(ctx: click.Context) -> bool:
    return any(argument in ("-h", "--help") for argument in ctx.obj)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _unopened(fault: OSError) -> str:
    """A file named by whoever called: a folder that is missing, a disk that is full, a right that is lacking."""
    return (
        f"“{fault.filename}” tidak dapat dibuka atau ditulis ({fault.strerror}). Periksa bahwa foldernya ada, izinnya, "
        "dan ruang disknya."
    )


def _recorded(surprise: Exception) -> str:
    """Write the traceback to the log of this installation and return the sentence that says where."""
    kind = type(surprise).__name__
    try:
        log = folder("log") / "harapan.log"
        with open(log, "a", opener=_private) as file:
            file.write(f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv)}\n{traceback.format_exc()}\n")
    except (OSError, HarapanError):
        return f"Terjadi kesalahan yang tidak terduga ({kind}: {surprise})."
    return f"Terjadi kesalahan yang tidak terduga ({kind}). Rinciannya tercatat di {log}."


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
