"""Workbooks: what offices keep in spreadsheets comes in by the very operations of the API and goes out whole."""
