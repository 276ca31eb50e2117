"""Welfare decile (desil) of persons or families in a period, an outside fact."""
