"""`python -m harapan.cli` is `harapan`."""

from harapan.cli import main

main()
