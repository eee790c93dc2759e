"""Door for Rasa's custom actions: read the tracker, call one use case, say what came of it."""
