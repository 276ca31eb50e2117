"""E-learning: lessons, quizzes and what each learner did with them, up to the result in the one training record."""
