"""Writers of outgoing data: the JSON shapes every output shares, and one module for each export format."""
