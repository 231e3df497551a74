"""The sandbox: a deployment of its own in which a portal moves the clock and plays every other desk.

Its routes are joined by `service/app.py` in the environment `sandbox` only, and only a database marked as a
sandbox's is served there; a marked database is served nowhere else (service/setup/demo_mark.py).
"""
