"""What every command shares: help without cost, one sentence per refusal, exit statuses."""

import os
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from harapan import __version__, cli
from harapan.cli import output, session
from harapan.core.errors import Misuse, NotForRole, Refused
from harapan.database import environment
from harapan.database.places import CHECKOUT
from tests.database.installation import passable_folder


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch, var: Path) -> Callable[[Callable[[], Any]], int]:
    """Run a function as the command `pretended`; the answer is the exit status."""

    def run(function: Callable[[], Any]) -> int:
        module = ModuleType("harapan.cli.pretended")
        module.command = click.command()(function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(cli.COMMANDS, "pretended", cli.Entry("pretended", "", cli.Needs.NOTHING))
        return cli._run(["pretended"])

    return run


def harapan(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "harapan.cli", *arguments],
        cwd=CHECKOUT,
        env={**kept, "HARAPAN_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command_by_errand(var: Path) -> None:
    said = harapan("--help", var=var).stdout
    for errand, entries in cli.ERRANDS.items():
        assert f"{errand}:" in said
        for name, entry in entries.items():
            assert f"  {name} " in said
            assert entry.help in " ".join(said.split())


def test_help_loads_nothing_heavy(var: Path) -> None:
    code = "import sys; from harapan import cli; cli._run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stderr
    for heavy in ("django", "psycopg", "duckdb", "ibis", "pyarrow", "psutil"):
        assert f"'{heavy}'" not in loaded


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_stands_where_the_table_says(name: str) -> None:
    assert find_spec(f"harapan.cli.{cli.COMMANDS[name].module}"), f"harapan {name} is listed and not written"


@pytest.mark.parametrize("name", ["setup", "serve", "doctor"])
def test_help_of_a_command_starts_no_database_and_gives_an_example(name: str, var: Path) -> None:
    done = harapan(name, "--help", var=var)
    assert done.returncode == 0, done.stderr
    assert f"Contoh: harapan {name}" in " ".join(done.stdout.split())
    assert not (var / "postgres").exists()


def test_the_version_is_the_package_s(var: Path) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert __version__ in harapan("--version", var=var).stdout


def test_wrong_usage_ends_with_2(var: Path) -> None:
    assert harapan("tidak-ada", var=var).returncode == 2
    assert harapan("doctor", "--tidak-ada", var=var).returncode == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("tidak-ada", "Perintah tidak-ada tidak ada."),
        ("doctor --tidak-ada", "Pilihan --tidak-ada tidak ada."),
        ("engine run", "'SNAPSHOT' belum diisi."),
        ("engine generate --families x --out y", "Isian '--families' tidak dapat dipakai: isi bilangan bulat"),
        ("engine run x --out y --stage 2025-2 --backend z", "pilih salah satu dari duckdb, spark."),
    ],
)
def test_wrong_usage_is_told_in_indonesian(typed: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(typed.split()) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.startswith("Pemakaian: harapan")
    assert not {"Usage", "Options", "Error", "Try"} & set(said.split())


def test_a_refusal_is_one_sentence_and_ends_with_1(pretend: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise Refused("Tarif 2026 belum ada; tambahkan di policy.")

    assert pretend(refuse) == 1
    assert capsys.readouterr() == ("", "Tarif 2026 belum ada; tambahkan di policy.\n")


def test_a_file_that_cannot_be_written_is_named(
    pretend: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pretend(lambda: (tmp_path / "tidak ada" / "x.xlsx").write_bytes(b"")) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"“{tmp_path / 'tidak ada' / 'x.xlsx'}” tidak dapat dibuka atau ditulis")
    assert said.count("\n") == 1


def test_a_role_that_may_not_is_told_of_as(pretend: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise NotForRole

    assert pretend(refuse) == 1
    said = capsys.readouterr().err
    assert "--as" in said
    assert "halaman" not in said.lower()


def test_the_command_is_named_as_it_may_be_typed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".venv/bin/harapan"
    file.parent.mkdir(parents=True)
    file.write_text("")
    file.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [".venv/bin/harapan", "demo"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert output.called() == ".venv/bin/harapan"
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "argv", [str(file)])
    assert output.called() == str(file).removeprefix("/")
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "harapan/cli/__main__.py")])
    monkeypatch.setattr(sys, "executable", str(file.parent / "python"))
    monkeypatch.chdir(tmp_path)
    assert output.called() == ".venv/bin/harapan"
    monkeypatch.setenv("PATH", str(file.parent))
    assert output.called() == "harapan"


def test_a_refusal_brings_its_own_status(pretend: Any) -> None:
    def misuse() -> None:
        raise Misuse("--from sesudah --until.")

    assert pretend(misuse) == 2


def test_a_command_answers_its_own_status(pretend: Any) -> None:
    assert pretend(lambda: output.ROWS_REFUSED) == 3
    assert pretend(lambda: None) == 0


def test_a_surprise_names_the_log_and_keeps_the_traceback_there(
    pretend: Any, var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a family without members")

    log = var / "log" / "harapan.log"
    assert pretend(fail) == 1
    said = capsys.readouterr().err
    assert said == f"Terjadi kesalahan yang tidak terduga (ZeroDivisionError). Rinciannya tercatat di {log}.\n"
    assert "a family without members" in log.read_text()
    assert "Traceback" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_interrupt_ends_with_130(pretend: Any) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert pretend(interrupted) == 130


def test_a_terminated_command_gives_the_database_back() -> None:
    """SIGTERM ends the block, so the last command stops the server."""
    code = (
        "import sys, time, click; from types import ModuleType; from harapan import cli\n"
        "from harapan.database import embedded\n"
        "def wait():\n"
        "    with embedded.running():\n"
        "        print('held', flush=True); time.sleep(60)\n"
        "module = ModuleType('harapan.cli.pretended'); module.command = click.command()(wait)\n"
        "sys.modules[module.__name__] = module\n"
        "cli.COMMANDS['pretended'] = cli.Entry('pretended', '', cli.Needs.NOTHING)\n"
        "cli.main(['pretended'])\n"
    )
    with passable_folder() as folder:
        environment = {"PATH": os.environ["PATH"], "HARAPAN_VAR": str(folder / "var")}
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 143
        assert not (folder / "var" / "postgres" / "data" / "postmaster.pid").exists()


def test_a_command_under_nohup_outlives_its_terminal() -> None:
    code = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); from harapan import cli\n"
        "cli._run = lambda arguments: os.kill(os.getpid(), signal.SIGHUP) or 0\n"
        "cli.main([])\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


def test_an_unreachable_server_is_named_in_one_sentence(var: Path) -> None:
    done = harapan("setup", var=var, DATABASE_URL="postgresql://someone:secret@127.0.0.1:1/absent")
    assert done.returncode == 1
    assert done.stderr.startswith("Basis data absent di 127.0.0.1:1 tidak dapat dihubungi: ")
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mistyped_address_is_refused(var: Path) -> None:
    done = harapan("setup", var=var, DATABASE_URL="mysql://someone@127.0.0.1/absent")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "mysql://" in done.stderr


def test_an_outdated_server_of_the_operator_is_not_changed_behind_his_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "unapplied", lambda: 7)
    monkeypatch.setattr(environment, "embedded_in_use", lambda: False)
    with pytest.raises(Refused, match=r"7 perubahan belum diterapkan\). Jalankan `harapan setup`"):
        session._bring_up_to_date()


def test_answers_for_programs_are_one_json_value(capsys: pytest.CaptureFixture[str]) -> None:
    output.answer({"nama": "Sungai Tabuk", "rupiah": 5}, as_json=True, words=lambda: "kata")
    output.answer({}, as_json=False, words=lambda: "kata")
    assert capsys.readouterr().out == '{"nama": "Sungai Tabuk", "rupiah": 5}\nkata\n'


def test_no_bar_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress(range(3), label="Membaca") as rows:
        assert list(rows) == [0, 1, 2]
    with output.progress(label="Memeriksa") as steps:
        steps.update(5)
    assert capsys.readouterr() == ("", "")
