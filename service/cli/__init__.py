"""The command line `tongjian`."""

from service.cli.commands import main

__all__ = ["main"]
