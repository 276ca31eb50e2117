"""The worker's rounds: the queue, the seals, and the jobs of workers that died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import DatabaseError, connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from harapan.audit.seal import seal_all
from harapan.jobs.actions import give_up

logger = logging.getLogger(__name__)

AT_ONCE = 2  # jobs side by side
SEAL_EVERY_SECONDS = 5.0
ATTEMPTS_MAX = 2


async def work(*, beat: float, stale: float) -> None:
    """Work until told to stop. `beat`, `stale`: seconds between signs of life, and without one until given up."""
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=4)
    # An app of its own over the same tasks: what a task defers still goes through the transaction it is in.
    queue = DjangoApp(connector=connector)
    queue.tasks, queue.periodic_registry = app.tasks, app.periodic_registry
    with ThreadPoolExecutor(1, "house") as house:
        async with queue.open_async():
            rounds = [
                asyncio.create_task(_every(SEAL_EVERY_SECONDS, lambda: _in(house, _seal))),
                asyncio.create_task(_every(beat, lambda: _take_over(queue, house, stale))),
            ]
            try:
                await queue.run_worker_async(
                    concurrency=AT_ONCE,
                    update_heartbeat_interval=beat,
                    stalled_worker_timeout=stale,
                    fetch_job_polling_interval=beat,
                )
            finally:
                for each in rounds:
                    each.cancel()
                await asyncio.gather(*rounds, return_exceptions=True)
                await _in(house, _seal)


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    """Again and again; a database that is away for a moment is waited for."""
    while True:
        try:
            await do()
        except (DatabaseError, ConnectorException, OSError) as trouble:
            logger.warning("a round of the worker failed and will be tried again: %s", type(trouble).__name__)
        await asyncio.sleep(seconds)


async def _in(house: ThreadPoolExecutor, do: Callable[[], object]) -> None:
    await asyncio.get_running_loop().run_in_executor(house, do)


def _seal() -> None:
    try:
        seal_all()
    except DatabaseError:
        connections.close_all()
        raise


async def _take_over(queue: App, house: ThreadPoolExecutor, stale: float) -> None:
    """Jobs whose worker shows no sign of life: once more, and after a second time given up with words."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=stale):
        if job.attempts + 1 < ATTEMPTS_MAX:
            logger.warning("job %s (%s) lost its worker and is tried again", job.id, job.task_name)
            await queue.job_manager.retry_job(job)
        else:
            logger.error("job %s (%s) lost its worker twice and is given up", job.id, job.task_name)
            await _in(house, partial(_give_up, job))
            await queue.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


def _give_up(job: Job) -> None:
    number = job.task_kwargs.get("work_id")
    if isinstance(number, int):
        give_up(number)
