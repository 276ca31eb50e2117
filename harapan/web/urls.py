"""The addresses of every errand. Pages link to each other by these names only."""

from __future__ import annotations
