"""P2K2, the family development sessions: curriculum, plan, sessions held, attendance, and what families make of them.

Promise: nobody is present until someone says so. A family without a mark is "belum dicatat", never absent or present.
"""
