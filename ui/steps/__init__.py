"""The steps of setting a workspace up, one page each."""
