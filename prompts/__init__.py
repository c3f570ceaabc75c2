"""Conversation guides, written for people who listen, not for a language model."""
