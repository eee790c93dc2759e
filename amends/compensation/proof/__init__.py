"""Prove what a policy says over all facts: where nothing speaks, what doubles, what never applies.

`atoms` cuts each fact's range into finitely many values that no condition can tell apart further,
`space` writes conditions as formulas over them, `search` looks for facts that fit a formula, and
the rest asks the questions. `prove` asks them all of one version.
"""
