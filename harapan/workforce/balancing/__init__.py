"""Who should hold which families: plain integers in, moves out. Knows no database."""
