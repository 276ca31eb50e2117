"""A page and a worker for tests of `harapan serve`: they say which addresses of the database they were given."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from harapan import cli


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    named = {
        name: os.environ.get(name) for name in ("DATABASE_URL", "HARAPAN_APP_URL", "HARAPAN_POOL", "HARAPAN_HTTPS")
    }
    return [json.dumps({"pid": os.getpid(), **named}).encode()]


def serve(*arguments: str) -> None:
    """`harapan serve` with the stand-ins."""

    def with_standins(name: str) -> ModuleType:
        module = import_module(name)
        if name == "harapan.cli.serve":
            module.APPLICATION = "tests.cli.standin:application"
            module.WORKER = ("-m", "tests.cli.standin", "work")
        return module

    cli.import_module = with_standins
    cli.main(["serve", *arguments])


if __name__ == "__main__":
    if sys.argv[1] == "work":
        time.sleep(3600)
    serve(*sys.argv[1:])
