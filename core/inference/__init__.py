"""Judging: prompts, the model process, and the reading of what a model wrote."""
