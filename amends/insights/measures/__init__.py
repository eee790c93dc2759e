"""The figures of each page of insights and of the report: pure functions over facts.

Each module says in `NAMES` which columns it reads, and answers with frozen dataclasses. A figure
carries how many conversations it rests on and, where there is one, its 95 % interval.
"""
