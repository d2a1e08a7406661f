"""The proof of the record: rows against their events, signatures, the present state of units, and files."""
