"""The contract: what openapi.json says, held against a running service."""
