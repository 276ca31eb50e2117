"""What each family is due in one stage: set-based steps on Ibis, an obvious reference beside them, and no Django.

Promises: the same inputs and the same `StageRules` give the same rows and the same `output_sha256`, on any machine and
in ranges of any size; an unknown code, a missing rate or a sum that does not match refuses the run instead of guessing.
"""

NAME = "harapan-engine"
VERSION = "2"  # raise it when the same inputs may give other rows
