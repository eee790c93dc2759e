"""Settings, logging and the assembly of the parts."""
