"""Stored files by keyed hash, encrypted at rest, with owner, region and group as plain numbers; generated documents."""
