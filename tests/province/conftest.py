from tests.worlds import world

globals().update(world())
