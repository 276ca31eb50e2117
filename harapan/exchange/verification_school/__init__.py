"""The education verification form (verifikasi komitmen pendidikan), one file per school and quarter."""
