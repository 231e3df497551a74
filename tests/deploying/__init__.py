"""The files of deploy/, read as a machine would: they agree with the service and with each other."""
