"""How texts of a request must be written, as patterns of msgspec's `Meta`."""

from __future__ import annotations

# Something a person can see: blanks, zero-width characters and fillers alone say nothing.
SEEN = r"[^\s\u00ad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
# Turns the direction of writing: a name would be shown as another one.
_TURNED = r"[\u202a-\u202e\u2066-\u2069]"
# One line, without blanks at its ends. `$(?!\n)`: Python's `$` alone would let a trailing line feed through.
LINE = rf"^(?=.*{SEEN})(?!.*{_TURNED})\S(.*\S)?$(?!\n)"
