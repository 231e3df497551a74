"""Events sent to portals, signed, tried again, and kept as a feed."""
