"""Long work in the background: the queue is the database, so a job is deferred in the transaction that asks for it."""
