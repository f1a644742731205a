"""Docket's core: everything the desk knows and does, without any Qt. `ui` imports from here, never the reverse."""
