"""Readers of incoming files: bytes to items, verdicts and labels, one record at a time. They store nothing."""
