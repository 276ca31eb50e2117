"""Courses, batches, attendance, tests, certificates and e-learning: what each person has learned."""
