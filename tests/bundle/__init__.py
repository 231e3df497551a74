"""`make bundle`: everything an offline machine needs, in one directory, and the proof that it installs and starts."""
