"""A new intent, or a new category of complaints, as changes of every file that must know it."""
