"""Services over HTTP: thin faces of what the library can do."""
