"""What the exchange tests draw from: values that any layout may hold."""

import string
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from harapan.core.references import reference_of

SAMPLES = Path(__file__).parents[2] / "data" / "samples"

words = st.text(string.ascii_uppercase + " .,'=+-@;\t\n\"é", max_size=25).map(
    lambda text: " ".join(text.split())
).filter(lambda text: not text.startswith("'"))  # fmt: skip
names = st.text(string.ascii_uppercase + " '", min_size=1, max_size=25).map(
    lambda text: "A" + " ".join(text.split())
)  # fmt: skip
codes = st.text(string.ascii_uppercase, max_size=6)
amounts = st.integers(0, 10**12)
counts = st.none() | st.integers(0, 99)
days = st.dates(date(1970, 1, 1), date(2068, 12, 31))
accounts = st.none() | st.from_regex(r"[1-9][0-9]{4,19}", fullmatch=True)
cards = st.none() | st.from_regex(r"6013[0-9]{12}", fullmatch=True)
ntpns = st.none() | st.from_regex(r"[0-9A-Z]{15}[A-Z]", fullmatch=True)
references = st.builds(
    reference_of, st.sampled_from(["2024-4", "2025-12", "2023-3-pos"]), st.integers(1, 10**12), st.integers(1, 9)
)
villages = st.none() | st.from_regex(r"[1-9][0-9]{9}", fullmatch=True)
neighbourhoods = st.sampled_from(["", "001", "014", "999"])
kks = st.from_regex(r"6[1-5][0-9]{2}0[1-9]0[1-9]0[1-9][0-9]{2}000[1-9]", fullmatch=True)


@st.composite
def niks(draw: st.DrawFn) -> str:
    born = draw(days)
    day = born.day + draw(st.sampled_from([0, 40]))
    return f"{draw(st.integers(110101, 960000))}{day:02d}{born:%m%y}{draw(st.integers(1, 9999)):04d}"
