"""The audit log in the database: sequencing the outbox, publishing, checking."""
