"""What comes in from outside: every file kept as it came, every row answered, nothing written before a commit.

Rehearsal and commit take one path; a rehearsal is rolled back. Rows are judged in memory and written in sets by the
actions of the packages they concern.
"""
