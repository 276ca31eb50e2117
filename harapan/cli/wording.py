"""What click says of its own, in Indonesian: the frame of help, and what was wrong with the words typed."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import click

SECTIONS = {"Options": "Pilihan", "Commands": "Perintah"}
HELP_OF_HELP = "Show this message and exit."
HELP_OF_VERSION = "Show the version and exit."
ROWS = {HELP_OF_HELP: "Tampilkan keterangan ini.", HELP_OF_VERSION: "Tampilkan versi."}


class Formatter(click.HelpFormatter):
    """The frame of help. Made the formatter of every context when `harapan.cli` is loaded."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("[OPTIONS]", "[PILIHAN]").replace("COMMAND [ARGS]...", "PERINTAH [ISIAN]...")
        super().write_usage(prog, words, "Pemakaian: " if prefix is None else prefix)

    @contextmanager
    def section(self, name: str) -> Generator[None]:
        with super().section(SECTIONS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, ROWS.get(said, said)) for term, said in rows], col_max, col_spacing)


def told(wrong: click.ClickException) -> str:
    """The refusal of words typed wrongly: how the command is used, what was wrong, where to read on."""
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    if context is None:
        return _sentence(wrong)
    return f"{context.get_usage()}\n{_sentence(wrong)}\nKeterangannya: {context.command_path} --help"


def _sentence(wrong: click.ClickException) -> str:
    match wrong:
        case click.NoSuchOption():
            return f"Pilihan {wrong.option_name} tidak ada."
        case click.NoSuchCommand():
            return f"Perintah {wrong.command_name} tidak ada."
        case click.MissingParameter(param=click.Parameter() as lacking):
            return f"{lacking.get_error_hint(wrong.ctx) if wrong.ctx else lacking.name} belum diisi."
        case click.BadParameter(param=click.Parameter() as given):
            hint = given.get_error_hint(wrong.ctx) if wrong.ctx else given.name
            return f"Isian {hint} tidak dapat dipakai: {_wanted(given) or wrong.message}"
        case _:
            return wrong.format_message()


def _wanted(given: click.Parameter) -> str:
    """What the parameter takes, where click would say it in English."""
    match given.type:
        case click.Choice() as known:
            return f"pilih salah satu dari {', '.join(map(str, known.choices))}."
        case click.IntRange() as known:
            least = "" if known.min is None else f" mulai dari {known.min}"
            return f"isi bilangan bulat{least}{'' if known.max is None else f' sampai {known.max}'}."
        case click.types.IntParamType():
            return "isi bilangan bulat."
        case _:
            return ""
