"""Model files: which there are, where they lie, whether one is what it claims to be."""
