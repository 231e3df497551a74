"""How often a process looks for garbage that refers to itself; all other goes at once, when nobody holds it any more.

A request makes some thousand objects, so that Python's own measure (every 700) looked twice in each, and now and then
through everything there is: a tenth of a request's processor.
"""

from __future__ import annotations

import gc

# Objects more than went before the youngest are looked at; looks at these before the older, and before all.
OFTEN = (50_000, 10, 10)


def settle() -> None:
    """What stands now stays for as long as the process does: later looks pass it over. Called once it has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
