"""`amends models examine`: what speaks for a candidate, step by step."""
