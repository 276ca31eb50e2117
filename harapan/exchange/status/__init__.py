"""Status words of the centre (final closing to top up, or exclude), one row per family and stage."""
