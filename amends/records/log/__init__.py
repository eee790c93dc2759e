"""The log for analysis: one complete record per conversation.

`model.py` says what a record holds; JSON Lines, Parquet, the published schema, the page of the
documentation and the masking all follow from it, by `columns.py`.
"""
