"""Writing for many families at once: a constant number of statements, whatever the number of rows.

Whoever calls has judged each row (`registry.rules.judge`) and stands in one transaction under a scope. Numbers of
persons come in full and are sealed here into the rows they belong to.
"""
