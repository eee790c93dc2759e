"""Amends: a first-line complaint assistant whose promises can be trusted."""
