"""From the first day to the last: contracts, the roster and its vacancies, the first days, going away, badges."""
