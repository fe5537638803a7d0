"""Services over HTTP: thin faces of what the library can do.

``create_app()`` gives the application; ``serve()`` runs it on this machine. Both need the extra ``web``.
"""

from osteon.web.app import create_app
from osteon.web.server import serve

__all__ = ["create_app", "serve"]
