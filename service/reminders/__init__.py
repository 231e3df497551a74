"""Personal reminders: somebody is told outside the service that something waits for him, never what it is."""
