"""Qt item models: they page rows out of the services and know no widget."""
