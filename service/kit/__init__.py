"""Machinery that knows nothing of the Measures: HTTP, decoding, the data door, limits, queue, relay, logs."""
