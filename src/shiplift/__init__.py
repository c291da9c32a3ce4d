"""shiplift: the release phase in one line."""

__version__ = "0.1.0"
