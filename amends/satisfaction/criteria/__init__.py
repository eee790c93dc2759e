"""The criteria by which a conversation is reviewed, by what of it they look at."""
