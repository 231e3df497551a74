"""What a character is, whatever code point it was typed as: cleaning on the way in, keys for comparing.

Pure and below everything, since the law compares names (`measures`), the machinery takes them in (`kit`) and
likeness reads them (`similarity`). docs/text.md says what is done to which character, and why.
"""
