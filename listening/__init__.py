"""Radical Listening: hear people in their own words, and show each of them what became of those words."""

__version__ = "0.1.0"
