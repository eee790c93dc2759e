"""What is owed and what is given: the policy, the decision, and the ledger of remedies."""
