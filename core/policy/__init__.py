"""Policies: reading them, naming their versions by content, inferring what plain ones leave unsaid."""
