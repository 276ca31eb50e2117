"""Who did or saw what, when and why. Append-only; sealed into signed blocks (`seal`), checked by `verify`.

Row changes are written by triggers (`database.rls.Protect`), deeds and looks by `record` and `look`.
"""
