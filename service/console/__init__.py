"""Pages for officials: a client of the same operations, in the same process (docs/decisions/0187)."""
