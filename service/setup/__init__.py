"""What makes a database the service's: its schema, the registry of offices, the first people of a tenant."""
