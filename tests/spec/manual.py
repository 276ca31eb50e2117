"""Prints `docs/rules.md` from the spec tests: `python -m tests.spec.manual > docs/rules.md`."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any

from tests.spec import (
    test_1_who_is_counted,
    test_2_how_many_are_counted,
    test_3_amount_of_the_family,
    test_4_obligations,
    test_5_earlier_stages,
)
from tests.spec.drawing import Pays

CHAPTERS = (
    test_1_who_is_counted,
    test_2_how_many_are_counted,
    test_3_amount_of_the_family,
    test_4_obligations,
    test_5_earlier_stages,
)
HEAD = """# Aturan perhitungan

Bab ini dicetak dari uji di `tests/spec/`: setiap contoh dihitung setiap kali Harapan diuji, dengan dua cara
yang hasilnya harus sama.
Jangan menyunting berkas ini; ubah ujinya, lalu jalankan `python -m tests.spec.manual > docs/rules.md`.
Nilai dan usia per tahun ada di `data/policy/`, beserta sumbernya.
"""


def manual() -> str:
    return "\n".join([HEAD, *(_chapter(module) for module in CHAPTERS)])


def _chapter(module: ModuleType) -> str:
    tests = [test for name, test in inspect.getmembers(module, inspect.isfunction) if name.startswith("test_")]
    in_order = sorted(tests, key=lambda test: test.__code__.co_firstlineno)
    return "\n".join([_titled(module, "##"), *(_rule(test) for test in in_order)])


def _rule(test: Any) -> str:
    pays = Pays()
    test(pays)
    return "\n".join([_titled(test, "###"), *(f"{drawn}\n" for drawn in pays.drawn)])


def _titled(thing: Any, level: str) -> str:
    title, _, text = (inspect.getdoc(thing) or "").partition("\n")
    return f"{level} {title.rstrip('.')}\n{text}\n"


if __name__ == "__main__":
    sys.stdout.write(manual())
