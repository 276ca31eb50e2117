"""The whole product in a real browser, on the data of one test: the server works inside the test's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock, Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.testcases import QuietWSGIRequestHandler


class _Server(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """The connection is the test's: it ends with the test."""


def _in_turn(app: WSGIApplication) -> WSGIApplication:
    """A page's picture and the next page would share the one connection, each inside the other's transaction."""
    turn = Lock()

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with turn, closing(app(environ, start_response)) as answer:  # type: ignore[type-var]
            return list(answer)

    return answered


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that sees what the test has written. One page at a time."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    server = _Server(("localhost", 0), QuietWSGIRequestHandler, connections_override={"default": connection})
    server.set_app(_in_turn(StaticFilesHandler(WSGIHandler())))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for signal in signals:
            signal.connect(close_old_connections)
        connection.dec_thread_sharing()
