"""The embedded server: PostgreSQL in the installation's own folder, started and stopped by the commands that use it.

The server is a process apart, so killing a command never kills it. Commands hold a shared lock, the last one to leave
stops it; what a killed command or a killed server leaves behind, the next command mends. For trying out, tests and one
laptop; an office that pays money runs a server of its own and names it in DATABASE_URL.
"""

# ruff: noqa: S603 - every command here is made of our own words

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from harapan.core.errors import Refused
from harapan.database import places
from harapan.database.programs import Account, Programs, account, choose, within_reach

DATABASE = "harapan"
OWNER = "harapan_owner"  # not "harapan": a schema of that name would come before `public` for him
ADDRESS = "127.0.0.1"
STARTING = 120  # seconds; a crash in the middle of much writing takes long to read back
STOPPING = 60
WORKSHOP = "new-"
LONGEST_LOG = 20 << 20
LONGEST_SOCKET = 80  # bytes of the folder; Linux ends a socket's name at 107
# Where root keeps clusters whose server could not pass through the folders above var (a home of mode 0700).
ELSEWHERE = Path("/var/lib/harapan")


@contextmanager
def running() -> Iterator[str]:
    """Yield the owner's address of the embedded database, which runs at least until the block ends."""
    home = _home()
    with _turn(home):
        users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            address = _ensure(home)
        except BaseException:
            os.close(users)
            raise
    try:
        yield address
    finally:
        with _turn(home):
            if _alone(users):
                _stop(home)
            os.close(users)


def mend() -> str:
    """Start the server anew if it was killed under a command that holds it; return the owner's address."""
    home = _home()
    with _turn(home):
        return _ensure(home)


def status() -> tuple[int, int] | None:
    """Process id and port of the server of this installation, None when it is not running. Starts nothing."""
    home = places.var() / "postgres"
    server = _server(home)
    return (server.pid, _port(home)) if server else None


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs of the embedded cluster's version, such as pg_dump."""
    return choose(_major(_home() / "data")).path(name)


def _home() -> Path:
    """The folder of the cluster, its locks and its socket, passable for the user who runs the server."""
    home = places.var() / "postgres"
    if home.is_symlink() and not home.exists():
        raise Refused(
            f"Folder basis data {home.readlink()} sudah tidak ada. Kembalikan dari cadangan, "
            f"atau hapus {home} untuk memulai dengan basis data kosong."
        )
    if home.exists() or os.geteuid() != 0:
        return places.folder("postgres")
    with places.lock("postgres"):
        if not home.exists():
            runner = account(home / "data")
            if runner.reaches(places.var()):
                home.mkdir(mode=places.PRIVATE)
            else:
                ELSEWHERE.mkdir(mode=places.PASSABLE, parents=True, exist_ok=True)
                home.symlink_to(tempfile.mkdtemp(dir=ELSEWHERE, prefix=f"{places.var().parent.name}-"))
            os.chown(home, runner.uid, runner.gid)
    return home


@contextmanager
def _turn(home: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    descriptor = os.open(home / "turn.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _alone(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ensure(home: Path) -> str:
    home = home.resolve()
    if _server(home) and not _ready(home):
        _await_change(home)  # whoever was starting or stopping it was killed meanwhile
    if not _server(home):
        runner = account(home / "data")
        programs = within_reach(choose(_major(home / "data")), runner, home)
        if not (home / "data").exists():
            _create(home, programs, runner)
        _start(home, programs, runner)
    return f"postgresql://{OWNER}:{_owner_password()}@{ADDRESS}:{_port(home)}/{DATABASE}"


def _owner_password() -> str:
    return places.password(f"{DATABASE}-owner")


def _major(data: Path) -> int | None:
    """PostgreSQL's version that made the cluster; None when there is none yet."""
    version = data / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


# --- a new cluster -------------------------------------------------------------------------------------------------


def _create(home: Path, programs: Programs, runner: Account) -> None:
    """Make the cluster with its one database, whole or not at all.

    Each attempt has a folder of its own: what a killed command left at work goes on in the old one and harms nothing.
    """
    workshop = Path(tempfile.mkdtemp(dir=home, prefix=WORKSHOP))
    draft, note = workshop / "data", workshop / "password"
    with open(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(_owner_password())
    for path in (note, workshop, home):
        os.chown(path, runner.uid, runner.gid)
    owner = ["-U", OWNER, f"--pwfile={note}", "--auth=scram-sha-256"]
    storage = ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8"]
    if programs.major >= 17:
        storage += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        _run([programs.path("initdb"), "-D", str(draft), *owner, *storage], runner)
        single = [programs.path("postgres"), "--single", "-D", str(draft), "postgres"]
        _run(single, runner, f"CREATE DATABASE {DATABASE}\n")
        draft.rename(home / "data")
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _run(command: list[str], runner: Account, text: str = "") -> None:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, cwd="/", env=_environment(), check=False, **runner.worn()
    )
    if done.returncode:
        raise Refused(f"Basis data tidak dapat dibuat: {_complaints(done.stderr)[0]}")


def _environment() -> dict[str, str]:
    """Nothing of ours but the path: PG* variables of the person who calls must not steer this server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


# --- start and stop ------------------------------------------------------------------------------------------------


def _start(home: Path, programs: Programs, runner: Account) -> None:
    deadline = time.monotonic() + STARTING
    while True:
        _clear(home)
        if _became_ready(home, _launched(home, programs, runner), deadline):
            return
        reason = _complaints(_log_path().read_text(errors="replace"))[-1]
        # Orphans of a killed server go away by themselves; a port may have been taken since we looked.
        passing = "shared memory block" in reason or "TCP/IP sockets" in reason
        if not passing or time.monotonic() > deadline:
            raise Refused(f"Basis data tidak dapat dijalankan: {reason} Catatan lengkapnya ada di {_log_path()}.")
        time.sleep(0.2)


def _clear(home: Path) -> None:
    """Take away what the killed left behind; no server works in this folder.

    PostgreSQL trusts the process numbers in its notes, but a number may be another process by now, or a dead one that
    nobody buried.
    """
    notes = [home / "data" / "postmaster.pid", *_socket_folder(home).glob(".s.PGSQL.*")]
    for note in notes:
        note.unlink(missing_ok=True)
    for workshop in home.glob(f"{WORKSHOP}*"):
        shutil.rmtree(workshop, ignore_errors=True)


def _launched(home: Path, programs: Programs, runner: Account) -> int:
    """Start the server and return its process id."""
    command = [programs.path("postgres"), "-D", str(home / "data"), "-p", str(_free_port(home))]
    settings = _settings() | {
        "listen_addresses": ADDRESS,
        "unix_socket_directories": str(_owned_socket_folder(home, runner)),
    }
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with _log() as log:
        # The shell leaves at once and the server belongs to nobody: it is no child of ours that we would have to bury.
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd="/",
            env=_environment(),
            umask=0o077,
            start_new_session=True,
            check=True,
            **runner.worn(),
        )
    return int(shell.stdout)


def _settings() -> dict[str, str | int | float]:
    memory = psutil.virtual_memory().total >> 20
    # Containers often give 64 MB of shared memory, too little for one parallel join.
    roomy = os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free >> 20 >= 1024  # noqa: S108
    return {
        "unix_socket_permissions": "0700",
        "max_connections": 60,
        "shared_buffers": f"{max(64, min(memory // 16, 1024))}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "maintenance_work_mem": f"{max(64, min(memory // 32, 512))}MB",
        "work_mem": "16MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": 1.1,
        "max_locks_per_transaction": 256,  # a dump or a vacuum touches every partition at once
        "jit": "off",
        "dynamic_shared_memory_type": "posix" if roomy else "mmap",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # Names and numbers of people stay out of the log: no statement, no parameter, no offending value.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "log_error_verbosity": "terse",
    }


def _stop(home: Path) -> None:
    server = _server(home.resolve())
    if server is None:
        return
    for urgency, patience in ((signal.SIGINT, STOPPING), (signal.SIGQUIT, 5)):  # fast, then immediate
        try:
            server.send_signal(urgency)
        except psutil.NoSuchProcess:
            return
        if _gone(server, patience):
            return


def _gone(server: psutil.Process, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not _lives(server):
            return True
        time.sleep(0.01)
    return False


# --- what runs -----------------------------------------------------------------------------------------------------


def _note(home: Path) -> list[str]:
    """Lines of postmaster.pid: process, data folder, start, port, socket folder, address, shared memory, state."""
    try:
        return (home / "data" / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _server(home: Path) -> psutil.Process | None:
    """The living server of this cluster. A number that now belongs to another process is not it."""
    note = _note(home)
    try:
        process = psutil.Process(int(note[0]))
        ours = process.cwd() == os.path.realpath(home / "data")
    except (IndexError, ValueError, psutil.Error):
        return None
    return process if ours and _lives(process) else None


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _there(pid: int) -> bool:
    try:
        return _lives(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def _ready(home: Path) -> bool:
    note = _note(home)
    return len(note) >= 8 and note[7].strip() == "ready"


def _port(home: Path) -> int:
    return int(_note(home)[3])


def _became_ready(home: Path, pid: int, deadline: float) -> bool:
    """Wait for the server just launched; False when it gave up, also where no init buries the dead (a container)."""
    while time.monotonic() < deadline and _there(pid):
        if _ready(home):
            return True
        time.sleep(0.01)
    return False


def _await_change(home: Path) -> None:
    deadline = time.monotonic() + STARTING
    while _server(home) and not _ready(home) and time.monotonic() < deadline:
        time.sleep(0.02)


def _free_port(home: Path) -> int:
    """The port of last time when it is free, so that an address noted down stays right; else any."""
    kept = home / "port"
    wishes = [int(kept.read_text()), 0] if kept.exists() else [0]
    for wish in wishes:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, wish))
            except OSError:
                continue
            port = int(probe.getsockname()[1])
            kept.write_text(str(port))
            return port
    raise Refused(f"Tidak ada porta yang bebas di {ADDRESS} untuk basis data.")


def _socket_folder(home: Path) -> Path:
    folder = home / "socket"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET:
        return folder
    return Path(tempfile.gettempdir()) / f"harapan-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"


def _owned_socket_folder(home: Path, runner: Account) -> Path:
    folder = _socket_folder(home)
    folder.mkdir(mode=places.PRIVATE, exist_ok=True)
    owner = folder.lstat().st_uid
    if owner not in (os.geteuid(), runner.uid) or folder.is_symlink():
        raise Refused(
            f"Folder {folder} milik pengguna lain, padahal diperlukan untuk soket basis data. Hapus folder itu."
        )
    os.chown(folder, runner.uid, runner.gid)
    return folder


def _log_path() -> Path:
    return places.folder("log") / "postgres.log"


def _log() -> Any:
    path = _log_path()
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def _complaints(text: str) -> list[str]:
    """What a program complained of, in order, without time stamps; never empty."""
    lines = [
        line for line in text.splitlines() if any(word in line for word in ("FATAL:", "PANIC:", "ERROR:", "error:"))
    ]
    lines = lines or [line for line in text.splitlines() if line.strip()] or ["(tanpa pesan)"]
    return [line.split(":  ", 1)[-1].split("error: ", 1)[-1].strip().rstrip(".") + "." for line in lines]
