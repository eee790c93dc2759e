"""Whole conversations as Rasa's stories and test conversations, read, checked and written."""
