"""Hitung ulang tahap ini / compute this stage again: `python recompute.py`. Baca README.md / read README.md."""

import sys
from pathlib import Path

from harapan.engine.recompute import main

sys.exit(main(Path(__file__).resolve().parent))
