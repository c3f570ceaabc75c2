"""The web pages: one module a kind of person, over the pipeline and nothing deeper."""
