"""Engine side of Amends: NLU components and the channel through which Rasa is reached."""
