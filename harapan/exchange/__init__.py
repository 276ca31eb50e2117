"""Outside layouts: one folder each, with a codec that parses and renders. No database, no Django.

`layouts.py` lists them all. A codec answers a `Sheet`: typed columns beside line numbers, and what is wrong with which
cell. A file that cannot be read at all raises `harapan.core.errors.Unreadable`; a bad cell never raises.
"""
