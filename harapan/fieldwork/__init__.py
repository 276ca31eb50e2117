"""A facilitator's month: candidates and visits, tasks and work plans, targets and reports."""
