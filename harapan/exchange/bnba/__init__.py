"""By name by address (BNBA): NIK and name, anything else besides, as villages exchange it."""
