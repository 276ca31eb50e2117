"""The embedded server as several commands use it at once, and after each kind of sudden death."""

import os
import signal
import socket
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from harapan.database import embedded

from .installation import HOLD, Installation, ask


def killed(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs([process], timeout=10)


def test_the_first_command_makes_a_database_and_the_last_one_stops_the_server(installation: Installation) -> None:
    with installation.hold() as (url, _):
        assert url.startswith("postgresql://harapan_owner:")
        assert ask(url, "SELECT current_database()") == "harapan"
        assert ask(url, "SHOW data_checksums") == "on"
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW jit") == "off"
        assert ask(url, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'harapan'") == "UTF8"
    assert installation.server() is None


def test_two_commands_share_one_server_until_both_have_left(installation: Installation) -> None:
    with installation.hold() as (first, _):
        with installation.hold() as (second, _):
            server = installation.server()
            assert first == second
        assert installation.server() == server
        assert ask(first, "SELECT 1") == 1
    assert installation.server() is None


def test_commands_that_start_at_the_same_moment_make_one_database(installation: Installation) -> None:
    commands = [installation.command() for _ in range(4)]
    urls = {command.stdout.readline() for command in commands}
    assert len(urls) == 1
    for command in commands:
        command.communicate()
    assert installation.server() is None


def test_a_later_start_keeps_the_address(installation: Installation) -> None:
    with installation.hold() as (first, _):
        pass
    with installation.hold() as (second, _):
        pass
    assert second == first


def test_a_killed_server_loses_nothing_committed(installation: Installation) -> None:
    with installation.hold() as (url, _):
        ask(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        killed(installation.server())
    with installation.hold() as (url, _):
        assert ask(url, "SELECT count(*) FROM kept") == 1000


def test_a_server_killed_with_all_its_processes_is_mended(installation: Installation) -> None:
    with installation.hold() as (url, _):
        ask(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        server = installation.server()
        for process in (server, *server.children()):
            killed(process)
    with installation.hold() as (url, _):
        assert ask(url, "SELECT count(*) FROM kept") == 1000


def test_a_killed_command_leaves_the_server_to_the_next_one_who_stops_it(installation: Installation) -> None:
    with installation.hold() as (first, command):
        server = installation.server()
        command.kill()
        command.wait()
    assert installation.server() == server
    with installation.hold() as (second, _):
        assert (second, installation.server()) == (first, server)
    assert installation.server() is None


def test_a_server_that_gave_up_and_that_nobody_buries_is_not_waited_for() -> None:
    gave_up = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, gave_up.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the list of processes
    assert psutil.pid_exists(gave_up.pid)
    assert not embedded._there(gave_up.pid)
    gave_up.wait()
    assert not embedded._there(gave_up.pid)


def test_a_command_under_which_the_server_was_killed_may_mend_it(installation: Installation) -> None:
    code = HOLD.replace("sys.stdin.readline()", "sys.stdin.readline(); print(embedded.mend(), flush=True); input()")
    process = installation.command(code)
    url = process.stdout.readline().strip()
    killed(installation.server())
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline().strip() == url
    assert ask(url, "SELECT 1") == 1
    process.communicate("\n")
    assert installation.server() is None


def test_a_stale_note_whose_number_belongs_to_another_process_is_ignored(installation: Installation) -> None:
    with installation.hold():
        pass
    note = installation.folder / "postgres" / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n5432\n\n127.0.0.1\n1 1\nready   \n")
    with installation.hold() as (url, _):
        assert ask(url, "SELECT 1") == 1


def test_a_creation_that_was_cut_off_starts_afresh(installation: Installation) -> None:
    process = installation.command()
    while not list(installation.folder.glob("postgres/new-*/data/base")):
        time.sleep(0.005)
    process.kill()
    process.communicate()
    with installation.hold() as (url, _):
        assert ask(url, "SELECT current_database()") == "harapan"
    assert not list(installation.folder.glob("postgres/new-*"))


def test_a_port_that_another_program_took_is_exchanged(installation: Installation) -> None:
    with installation.hold() as (first, _):
        pass
    port = int((installation.folder / "postgres" / "port").read_text())
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with installation.hold() as (second, _):
            assert first != second
            assert ask(second, "SELECT 1") == 1


def test_two_installations_live_side_by_side(installation: Installation) -> None:
    other = Installation(installation.folder.parent / "other")
    with installation.hold() as (here, _), other.hold() as (there, _):
        ask(here, "CREATE TABLE mine ()")
        assert ask(there, "SELECT to_regclass('mine')") is None
    assert other.server() is None


def test_only_the_owner_of_the_folder_reads_what_is_secret_and_the_server_is_not_root(
    installation: Installation,
) -> None:
    with installation.hold() as (url, _):
        assert installation.server().uids().real != 0
        secrets = installation.folder / "secrets"
        assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
        assert [stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()] == [0o600]
        assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
        socket_folder = Path(str(ask(url, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700


def test_the_log_names_no_statement_and_no_value(installation: Installation) -> None:
    with installation.hold() as (url, _):
        ask(url, "CREATE TABLE once (nik text PRIMARY KEY)")
        ask(url, "INSERT INTO once VALUES ('6301010101010001')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(url, "INSERT INTO once VALUES ('6301010101010001')")
    log = (installation.folder / "log" / "postgres.log").read_text()
    assert "once" in log
    assert "6301010101010001" not in log


def test_a_folder_without_programs_is_refused_in_one_sentence(installation: Installation, tmp_path: Path) -> None:
    installation.programs = str(tmp_path)
    said = installation.refusal()
    assert f"HARAPAN_PG_BIN menunjuk {tmp_path}" in said
    assert "Traceback" not in said


def test_a_database_of_another_version_is_refused_with_the_way_out(installation: Installation) -> None:
    with installation.hold():
        pass
    (installation.folder / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    assert "Pasang postgresql-14" in installation.refusal()
