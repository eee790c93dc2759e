"""Where two versions of a policy differ, in sentences that a manager can read."""
