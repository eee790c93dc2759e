"""Events for other systems: who hears of them, and what becomes of each delivery."""
