"""A bank's or the post's answer (hasil penyaluran), one row per order."""
