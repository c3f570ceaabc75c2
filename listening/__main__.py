"""`python -m listening` is the `listening` command."""

from listening.cli import main

main()
