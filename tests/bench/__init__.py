"""Benchmarks: `uv run python -m tests.bench.NAME [--quick]` prints JSON lines. Never run by the test suite."""
