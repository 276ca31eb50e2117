"""What follows a course: feedback, follow-up plans, answers to problems of the field, practices worth copying."""
