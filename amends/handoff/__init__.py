"""When a person takes over, who waits, and how long."""
