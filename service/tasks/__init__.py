"""What waits for whoever asks: every desk's queue, read in one statement."""
