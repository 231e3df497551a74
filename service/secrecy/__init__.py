"""The secrecy scan of whatever comes in (art. 14), and how well it finds (docs/secrecy.md)."""
