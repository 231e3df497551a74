"""The Measures: signable cases, properties, strictness, lifecycle, rule book, command."""
