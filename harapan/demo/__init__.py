"""The synthetic province: true regions and published counts, invented people.

Promises: the same seed and size give the same province; nobody in it exists; sums match the published ones exactly.
"""
