"""Writing payment files: rendered, encrypted, read back from the disk and compared, then noted as written.

Many files at a time, so that a nation's thousands of files cost few statements. A kill leaves whole files and files not
yet written; the next call goes on with those. Account numbers are opened here and nowhere else on the way to a payer.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections

from harapan.audit import log
from harapan.benefits.alone import alone
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.database import arrow, day, sealing
from harapan.database.scope import Scope, put_on
from harapan.database.staging import staged
from harapan.exchange.payment_file import codec
from harapan.exchange.payment_file.head import Head, Totals
from harapan.exchange.payment_file.layouts import Layout, layout
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.payments.checking import POST
from harapan.payments.handing import name_of
from harapan.payments.models import Instruction, PaymentFile
from harapan.policy.reader import default_policy
from harapan.regions import codes
from harapan.registry.models import PaymentAccount

KIND = "payment"
SENDER = "KEMENTERIAN SOSIAL RI"
ROWS_AT_ONCE = 100_000
WRITERS = 4  # at once: most of the time each waits for the disk
Told = Callable[[int, int], None]  # files written, files in all

_ORDERS = """
    SELECT o.file_id, s.name || '/' || o.family_id || '/' || o.attempt AS reference, o.account_id, a.number,
           coalesce(nullif(CASE WHEN o.payer = '{post}' THEN '' ELSE a.holder END, ''), m.name, f.name) AS name,
           v.name AS village,
           trim(f.address || ' RT ' || f.rt || ' RW ' || f.rw) AS address, o.amount_idr
    FROM payments_order o
    JOIN benefits_stage s ON s.id = o.stage_id
    JOIN registry_family f ON f.id = o.family_id
    JOIN regions_region v ON v.no = o.region_no
    LEFT JOIN registry_paymentaccount a ON a.id = o.account_id
    LEFT JOIN registry_member m ON m.family_id = f.id AND m.manager
    WHERE o.stage_id = {stage} AND o.file_id IN ({files})
    ORDER BY o.file_id, o.family_id"""
_WRITTEN = """
    UPDATE payments_paymentfile p SET written_at = %(now)s, file_id = w.stored, sha256 = w.sha256, layout = w.layout
    FROM written w WHERE p.id = w.id AND p.written_at IS NULL"""


@dataclass(frozen=True, slots=True)
class _Written:
    file: PaymentFile
    layout: str
    sha256: str
    digest: str
    size: int


def write_files(instruction: Instruction, *, actor: int, on: date, told: Told | None = None) -> int:
    """Write every file of the instruction that is not written yet; how many. Puts on the batch scope itself.

    Raises StageBusy, and Refused where an account has no number, a layout is missing, or a file does not read back as
    it was written; files written before that stay.
    """
    scope = Scope.batch(actor=actor)
    with alone(instruction.stage):
        with put_on(scope):
            waiting = list(PaymentFile.objects.filter(instruction=instruction, written_at=None).order_by("pk"))
            total = PaymentFile.objects.filter(instruction=instruction).count()
        done = total - len(waiting)
        for some in _together(waiting):
            written = list(_write(instruction, some, on=on))
            with put_on(scope):
                _note(written, owner=actor, on=on)
            done += len(some)
            if told is not None:
                told(done, total)
    return len(waiting)


def _together(files: Sequence[PaymentFile]) -> Iterator[list[PaymentFile]]:
    """In bundles of at most so many orders, each file whole."""
    bundle: list[PaymentFile] = []
    rows = 0
    for file in files:
        if bundle and rows + file.rows > ROWS_AT_ONCE:
            yield bundle
            bundle, rows = [], 0
        bundle.append(file)
        rows += file.rows
    if bundle:
        yield bundle


def _write(instruction: Instruction, files: list[PaymentFile], *, on: date) -> Iterator[_Written]:
    listed = ", ".join(str(int(file.pk)) for file in files)
    orders = arrow.query(_ORDERS.format(stage=int(instruction.stage_id), files=listed, post=POST))
    orders = orders.append_column("account", _numbers(orders)).drop_columns(["number", "account_id"])
    for payer in {file.payer for file in files}:
        layout_of(payer, on=on)  # read once, before every writer would read it for itself
    with ThreadPoolExecutor(WRITERS) as pool:
        yield from pool.map(lambda mine: _in_thread(instruction, *mine, on=on), _split(files, orders))


def _in_thread(instruction: Instruction, file: PaymentFile, orders: pa.Table, *, on: date) -> _Written:
    """One file; what the thread has opened meanwhile to look for keys is closed with it."""
    try:
        return _one(instruction, file, orders, on=on)
    finally:
        connections.close_all()


def _split(files: list[PaymentFile], orders: pa.Table) -> Iterator[tuple[PaymentFile, pa.Table]]:
    """Each file with its orders; both are in order of the file."""
    start = 0
    for file in files:
        theirs = orders.slice(start, file.rows)
        start += file.rows
        if theirs.num_rows != file.rows or pc.any(pc.not_equal(theirs["file_id"], file.pk)).as_py():
            raise Refused(
                "Berkas {file} tidak memuat {rows} order. Laporkan kepada auditor.",
                file=name_of(file),
                rows=thousands(file.rows),
            )
        yield file, theirs


def _numbers(orders: pa.Table) -> pa.Array:
    """Account numbers in full; empty for cash."""
    table = PaymentAccount._meta.db_table
    ids = orders["account_id"].to_pylist()
    return pa.array(
        [
            "" if blob is None else sealing.unseal(blob, kind="account", table=table, row_id=row_id)
            for blob, row_id in zip(orders["number"].to_pylist(), ids, strict=True)
        ],
        pa.string(),
    )


def _one(instruction: Instruction, file: PaymentFile, orders: pa.Table, *, on: date) -> _Written:
    """A file laid down, and read back from where it lies: head, orders and totals must be the same."""
    form = layout_of(file.payer, on=on)
    head = Head(
        number=f"{instruction.stage.name}/{instruction.number}/{file.pk}", sender=SENDER, stage=instruction.stage.name,
        bank=file.payer, regency=codes.dotted(file.region_no), part=file.part, parts=file.parts, made_on=on,
    )  # fmt: skip
    into = io.BytesIO()
    totals = codec.write(orders, head, form, into)
    contents = into.getvalue()
    digest, size = storage.lay_down(KIND, contents)
    with storage.open_laid_down(digest) as stored:
        again = stored.read()
    read_head, _, read_totals = codec.parse(again, form, name=name_of(file))
    if (read_head, read_totals) != (head, totals) or again != contents:
        raise Refused(
            "Berkas {file} terbaca lain dari yang ditulis. Tulis lagi; jangan diserahkan.",
            file=name_of(file),
        )
    _refuse_other_sums(file, totals)
    return _Written(file, form.name, hashlib.sha256(contents).hexdigest(), digest, size)


def _refuse_other_sums(file: PaymentFile, totals: Totals) -> None:
    if (totals.rows, totals.amount_idr) != (file.rows, file.amount_idr):
        raise Refused(
            "Berkas {file} berjumlah {rows} order {amount_idr}, sedangkan perintahnya {rows_2} order "
            "{amount_idr_2}. Jangan diserahkan; laporkan.",
            file=name_of(file),
            rows=thousands(totals.rows),
            amount_idr=rupiah(totals.amount_idr),
            rows_2=thousands(file.rows),
            amount_idr_2=rupiah(file.amount_idr),
        )


@lru_cache(maxsize=64)
def layout_of(payer: str, *, on: date) -> Layout:
    """The layout a payer takes on that day. Raises MissingValue where policy names none."""
    name = default_policy().value(f"bank_files.{payer.lower()}", on=on).value
    if name is None:
        raise Refused(
            "Belum ada bentuk berkas untuk {payer} pada {on}. Tambahkan ke kebijakan.",
            payer=payer,
            on=f"{on:%Y-%m-%d}",
        )
    return layout(name, on=on)


def _note(written: list[_Written], *, owner: int, on: date) -> None:
    """The rows of a bundle: stored files, and the payment files that they are."""
    stored = StoredFile.objects.bulk_create(
        StoredFile(
            name=f"{one.file.payer}_{one.file.region_no // 10**6}_{one.file.pk}", kind=KIND,
            media_type="application/octet-stream", size=one.size, digest=one.digest, owner=owner,
        )
        for one in written
    )  # fmt: skip
    columns = {"id": "bigint", "stored": "uuid", "sha256": "text", "layout": "text"}
    rows = [(one.file.pk, row.pk, one.sha256, one.layout) for one, row in zip(written, stored, strict=True)]
    with staged("written", columns, rows) as cursor:
        cursor.execute(_WRITTEN, {"now": day.moment(on)})
    log.record(
        "payment_files.written", kind="stage", subject=written[0].file.stage_id,
        body={"files": len(written), "orders": sum(one.file.rows for one in written),
              "amount_idr": sum(one.file.amount_idr for one in written)},
    )  # fmt: skip
