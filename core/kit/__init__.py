"""The air-gap kit: everything a machine without a network needs to run Docket, in one folder with checksums."""
