"""The audit log: what was done, by whom, chained so that nothing can be taken out unseen."""
