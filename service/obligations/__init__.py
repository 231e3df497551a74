"""What is due, for whom, since when; reminders, escalation, calendar."""
