"""The audit log in the database: written in the transaction of what it tells of, and checked."""
