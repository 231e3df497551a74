from tests.worlds import world

settings, app, door, client, token, as_user = world()
