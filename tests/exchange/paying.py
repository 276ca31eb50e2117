"""Orders and heads for the tests of payment files."""

from datetime import date

import pyarrow as pa
from hypothesis import strategies as st

from harapan.core.references import reference_of
from harapan.exchange.payment_file.fields import ORDER_COLUMNS
from harapan.exchange.payment_file.head import Head
from harapan.exchange.payment_file.layouts import Layout, layout

DAY = date(2024, 11, 28)
STAGE = "2024-4"
LAYOUTS = ("himbara-csv", "himbara-fixed", "pos-list-csv", "pos-list")
BANKS = LAYOUTS[:2]
HEAD = Head("2024-4/BRI/63.05/1", "Kementerian Sosial", STAGE, "BRI", "63.05", 1, 2, DAY)
TYPES = {name: pa.int64() if name == "amount_idr" else pa.string() for name in ORDER_COLUMNS}


def of(name: str) -> Layout:
    return layout(name, on=DAY)


def order(family_id: int, **other: object) -> dict[str, object]:
    return {
        "reference": reference_of(STAGE, family_id, 1), "account": f"{family_id:015d}", "nik": "6305026602731932",
        "name": f"WARGA {family_id}", "village": "Hiyung", "address": "JL. PASAR RT 001", "amount_idr": 600_000,
    } | other  # fmt: skip


def table(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema(TYPES))


def some(count: int) -> pa.Table:
    return table(*(order(1000 + 7 * n, amount_idr=150_000 + 25_000 * (n % 40)) for n in range(count)))


texts = st.text(max_size=100)
marked = st.text("AB|;,\"'=+-@ \té\u0301ß½×中\n\x00\u00a0\u2028", max_size=100)
names = (texts | marked).map(lambda text: f"{text}A")
stages = st.sampled_from(["2024-4", "2025-12", "2023-3-pos"])


@st.composite
def files(draw: st.DrawFn) -> tuple[Head, pa.Table]:
    stage = draw(stages)
    families = draw(st.lists(st.integers(1, 10**18 - 1), min_size=1, max_size=6, unique=True))
    rows = [
        {
            "reference": reference_of(stage, family, draw(st.integers(1, 9))),
            "account": draw(st.from_regex(r"[0-9]{1,20}", fullmatch=True)),
            "nik": "6305026602731932", "name": draw(names), "village": draw(st.none() | texts),
            "address": draw(st.none() | marked), "amount_idr": draw(st.integers(1, 10**12)),
        }
        for family in families
    ]  # fmt: skip
    parts = draw(st.integers(1, 9999))
    number = draw(st.from_regex(r"[A-Z0-9/.-]{1,40}", fullmatch=True))
    sender = draw(st.sampled_from(["Kemensos", "=2+3", 'P"K|K;']))
    part, made_on = draw(st.integers(1, parts)), draw(st.dates())
    head = Head(number, sender, stage, draw(st.sampled_from(["BRI", "POS"])), "63.05", part, parts, made_on)
    return head, table(*rows)
