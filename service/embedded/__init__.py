"""The PostgreSQL and Valkey of demo, sandbox and tests: real servers from wheels, owned by one process."""
