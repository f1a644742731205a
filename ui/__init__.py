"""Docket's window: everything a person sees and presses. It reaches the core through `core.services` only."""
