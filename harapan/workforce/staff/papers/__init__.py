"""Papers about staff."""
