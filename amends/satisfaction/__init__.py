"""Surveys, predicted satisfaction, and what drives it."""
