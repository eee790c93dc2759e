"""Trying a model out: what one message of a conversation led to, and why."""
