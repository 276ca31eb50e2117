"""The ministry's list of beneficiaries (daftar penerima), one row per family, bansos and wave."""
