"""The workspace's memory: tables, keys, the audit chain and every query. Its tables never leave this package."""
