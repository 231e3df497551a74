"""What is beside the routes of a serving process: whether it lives, what runs with it, by which names it speaks."""
