"""A case as a whole, gathered from all rooms: its timeline, its export, what its customer sees."""
