"""Administrative regions by Kemendagri code, over time, numbered so that a subtree is one half-open integer range.

Owns the table `regions_region`, its loader and the words regions are found by. Promises: a code or a name finds exactly
one region, or a sentence that says why not.
"""
