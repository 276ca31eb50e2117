"""The whole product in a real browser."""

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

PATIENCE = 60.0  # seconds for the last page to end


class _InOneTransaction(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """The connection is the test's: it ends with the test."""


def _in_turn(app: WSGIApplication, turn: Lock) -> WSGIApplication:
    """A page's picture and the next page would share the one connection, each inside the other's transaction."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with turn, closing(app(environ, start_response)) as answer:  # type: ignore[type-var]
            return list(answer)

    return answered


@contextmanager
def _running(server: ThreadedWSGIServer) -> Iterator[str]:
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that sees what the test has written and not committed. One page at a time.

    It works inside the test's transaction: the test itself touches the database only while no page is on its way.
    """
    connection = connections["default"]
    connection.inc_thread_sharing()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    turn = Lock()
    server = _InOneTransaction(("localhost", 0), QuietWSGIRequestHandler, connections_override={"default": connection})
    server.set_app(_in_turn(StaticFilesHandler(WSGIHandler()), turn))
    try:
        with _running(server) as address:
            yield address
    finally:
        assert turn.acquire(timeout=PATIENCE), "a page does not end"  # and none begins: nobody gives it back
        for signal in signals:
            signal.connect(close_old_connections)
        connection.dec_thread_sharing()


@contextmanager
def served_apart() -> Iterator[str]:
    """The address of a server for data that is committed: each page has a connection of its own.

    So the test may do a worker's work while the page asks how far it is.
    """
    server = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    with _running(server) as address:
        yield address
