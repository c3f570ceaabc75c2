"""The web: doors for community workers, leadership and participants. Not built yet."""
