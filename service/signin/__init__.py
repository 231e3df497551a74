"""Single sign-on: identity providers confirmed by two, sign-in by OpenID Connect, the portals' hand-over."""
