"""Who must have which course, who lacks it, and a plan that gives everybody in the queue a place."""
