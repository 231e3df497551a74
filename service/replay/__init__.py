"""What another figure, an amendment or a round would do to the cases there are, before anybody decides it."""
