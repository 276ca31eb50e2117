"""Recruitment: rounds, applications, selection by published rules, offers; the road that ends in `taking_on`."""
