"""From the log back to training data."""
