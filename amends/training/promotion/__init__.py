"""Which trained model answers customers, what speaks for a candidate, and what it would say."""
