"""The people who carry the programme: how many families each holds, what would be fair, and who decided it."""
