"""Families, their members and memberships, groups, facilities, payment accounts and facts from outside, by date.

Promises: every fact says since when and on whose word; rows of people are seen only under a scope; nothing the field
wrote is overwritten by a list, and what contradicts becomes a question for a person.
"""
