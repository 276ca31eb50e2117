"""The facilitators' workbook (daftar dampingan), one row per family."""
