"""How claims stand, and how far units have come: worked out from rows by one function, and kept in rows.

`worked_out` decides; `following` has it done in the transaction of each change; `status` says in which words and
shapes it is shown. Whoever wants to know how a claim stands reads the tables `Standing` and `UnitProgress`.
"""
