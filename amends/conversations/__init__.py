"""The message log, who answers (mode), and the delivery of replies."""
