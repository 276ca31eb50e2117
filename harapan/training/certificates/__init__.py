"""Certificates (STTPP): issued for a batch, printed, checked by anybody, revoked, reissued; and those from outside."""
