"""One file a step; each takes Ibis tables and the law, and gives an Ibis table. Nothing is executed here."""
