"""The review queue: which messages a trainer should look at, and what was decided about them.

Nothing here reads or stores: `talks` and `reasons` judge a conversation, `similarity` and
`grouping` put alike messages together, `deciding` holds the steps a trainer takes.
"""
