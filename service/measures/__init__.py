"""The Measures (赣府厅发〔2023〕12号) as pure functions: standard library only, no I/O, no clock.

Amounts are integer fen. Every rule names its article; every text an official sees is our own wording.
"""
