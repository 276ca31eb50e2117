"""The component sheet (daftar komponen), one row per member counted."""
