"""People who serve, of PKH and of its sister programmes: a layout of our own."""
