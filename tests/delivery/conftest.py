from tests.worlds import world

globals().update(world(forged=True))  # changes are decided in states that a test sets by hand
