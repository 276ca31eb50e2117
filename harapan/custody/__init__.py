"""What an installation must not lose, and must be able to prove: its keys, its backups, and that nothing was changed.

Stands high because it looks into every package: it seals anew whatever any of them sealed, and holds what the log
says against whatever any of them stored.
"""
