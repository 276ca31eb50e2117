"""The code of ethics: read and signed, reported against in confidence, examined, decided, appealed, counted."""
