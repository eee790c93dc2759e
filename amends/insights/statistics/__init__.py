"""Figures with their uncertainty: pure functions over numbers, each with a 95 % interval.

Nothing here reads or stores. A figure that cannot be told is `None`, never a guess.
"""
