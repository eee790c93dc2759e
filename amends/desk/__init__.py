"""Door for staff: the desk, where waiting chats are taken, answered and resolved."""
