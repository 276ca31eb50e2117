"""Files that tell a bank or the post whom to pay: a head, one row per order, totals. Mirrors of `settlement`."""
