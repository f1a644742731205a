"""Opening and creating a workspace for the window, on a pool thread.

It owns what a workspace that is made in the window has besides what was asked for: a recovery code.
"""

from __future__ import annotations

from core import services
from core.domain import SlotKind
from core.errors import AppError
from core.services import Workspace
from ui.views.welcome import WorkspaceRequest


def open_requested(request: WorkspaceRequest) -> tuple[Workspace, str | None]:
    """Open or create the workspace; return it with the recovery code of a new one, to be shown once.

    Raises:
        AppError: it cannot be opened or made.
    """
    if not request.create:
        opened, code = services.open_workspace(request.folder, passphrase=request.passphrase), None
    else:
        opened = services.create_workspace(request.folder, passphrase=request.passphrase, keychain=request.keychain)
        try:
            code = services.add_key(opened, SlotKind.RECOVERY).recovery_code
        except AppError:
            opened.close()
            raise
    services.remember_workspace(request.folder)
    return opened, code
