"""The proof of the record: rows against the events that tell of them, signatures, what stands now, and the files."""
