"""How claims stand, how far units have come, and when they are ready for a signature.

`worked_out` decides how claims stand; `following` calls it in the transaction of each change. The results are kept in
the tables `Standing` and `UnitProgress`, which everybody else reads. `readiness` says what a signature still needs.
"""
