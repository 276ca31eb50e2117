"""Commitments: what each facility and month confirmed, on what evidence, and who was away.

Promise: nobody is present until someone says so. A month without a row is "belum diverifikasi"; one that was only
declared stays "dinyatakan" and is shown apart in every figure until a form, a confirmation or a visit proves it.
"""
