"""Everything between Django and PostgreSQL that knows no domain.

The embedded server, the logins and roles, the signed scope a request puts on, row-level security for migrations,
and numbers sealed in their row. Promises: no scope, no rows; a sealed number never leaves its row readable.
"""
