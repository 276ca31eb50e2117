"""What `harapan bench` measures: each prints a table for people or one JSON value, and works on data of its own."""
