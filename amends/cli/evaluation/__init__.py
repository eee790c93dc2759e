"""What `amends evaluate` reads and writes: labelled rows, the engine, records, tables, a report."""
