"""Named queries, one file per subject; each repository implements a port of its room."""
