"""Measurements of a running system; each prints JSON."""
