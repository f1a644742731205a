"""The few dialogs: export, import, policies and the sheet of keys."""
