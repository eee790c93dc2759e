"""How the database came to its present shape; `amends.storage.migrate` applies these steps."""
