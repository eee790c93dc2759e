"""Complaints, cases, their timeline, promises and deadlines."""
