"""Customers who try to talk the compensation policy round, and the proof that nobody succeeds.

    python -m tests.adversarial --runs 8      # plays every dialogue eight times; prints JSON

`dialogues/` holds what customers say, by tactic; `compose.py` crosses tactics into more of it.
`play.py` says it to the real system through the customers' API, `promises.py` checks that every
amount, remedy and date in a reply has a row in the books, and `transcript.py` writes down what
must come out the same whenever a dialogue is played.
"""
