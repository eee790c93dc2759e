"""Panels of the console; each shows what it is given and knows how to change in place."""
