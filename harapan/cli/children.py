"""Processes that `harapan serve` keeps alive: started in a group of their own, started anew when they die.

Every process started by one installation carries a mark in its environment, so that what a killed `harapan serve` left
behind is found and stopped by the next one, and nothing else is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from harapan.database import places

MARK = "HARAPAN_SERVED_FROM"
PATIENCE = 10.0  # seconds for a child to end its work when told to stop
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before a child that died is started anew; doubled each time
STEADY = 60.0  # seconds of life after which a child counts as healthy again
LONGEST_LOG = 20 << 20


@dataclass
class Child:
    """One process and its group: `python ARGUMENTS`, writing to NAME.log."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)  # when to start it anew

    @property
    def log(self) -> Path:
        return places.folder("log") / f"{self.name}.log"

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, *self.arguments],
                env={**self.environment, MARK: str(places.var())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.born = time.monotonic()

    def tend(self) -> bool:
        """Start it anew when it has died and its delay is over; True when it was found dead just now."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return False
        if self.process.poll() is None:
            return False
        self._kill_group()  # what it left behind still holds the port
        self.deaths = 1 if now - self.born > STEADY else self.deaths + 1
        self.due = now + min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self.deaths - 1))
        self.process = None
        return True

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until it has ended its work, or end it at the deadline (of time.monotonic)."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._kill_group()
        self.process.wait()
        self.process = None

    def _kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(children: Sequence[Child]) -> None:
    """Ask all at once, then wait for each."""
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(deadline)


def stop_left_behind() -> int:
    """Stop what an earlier `harapan serve` of this installation left behind when it was killed; how many they were."""
    here = str(places.var())
    left = [process for process in psutil.process_iter() if _mark(process) == here]
    for process in left:
        with suppress(psutil.Error):
            process.terminate()
    for process in psutil.wait_procs(left, timeout=PATIENCE)[1]:
        with suppress(psutil.Error):
            process.kill()
    return len(left)


def _mark(process: psutil.Process) -> str | None:
    try:
        return None if process.pid == os.getpid() else process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None  # another user's, or gone meanwhile
