"""Commands that work on files: keys, backup, restore."""

from __future__ import annotations

import argparse


def keys(options: argparse.Namespace) -> int:
    """Makes or rotates the keys that sign access tokens; prints the new one's id."""
    import os

    from service.kit import clock, keys
    from service.settings import Settings

    file = options.file or Settings.from_env(os.environ).signing_keys_file
    if file is None:
        raise SystemExit("tongjian keys: name the file with --file or TONGJIAN_SIGNING_KEYS_FILE")
    try:
        if options.action == "generate":
            kid = keys.generate(file, clock.timestamp())
        else:
            kid = keys.rotate(file, clock.timestamp(), options.drop_after)
    except ValueError as error:  # not a key file
        raise SystemExit(f"tongjian keys: {error}") from None
    print(kid)
    return 0


def backup(options: argparse.Namespace) -> int:
    """A new set, whose name is printed; or stream and mirror until a signal."""
    from service import backup
    from service.settings import load

    if options.action == "follow":
        return backup.follow(load())
    print(backup.base(load()).name)
    return 0


def restore(options: argparse.Namespace) -> int:
    """Lays a set out; prints its name."""
    import os

    from service.restoring import Target, restore
    from service.settings import Settings

    root = options.backup or Settings.from_env(os.environ).backup_dir
    if root is None:
        raise SystemExit("tongjian restore: name the directory with --backup or TONGJIAN_BACKUP_DIR")
    target = Target(options.data, options.documents, options.anchors, options.keys)
    print(restore(root, options.set, target).name)
    return 0
