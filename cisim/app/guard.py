"""What a browser may send: events and small messages, nothing else.

ipyvue lets a browser name any Python class to be made, and any method of a widget to be called. No page of ours needs
either, and a server that strangers reach must not offer it.
"""

from __future__ import annotations

from typing import Any

from ipyvue.VueTemplateWidget import Events
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SmallMessages", "only_events"]

TOO_BIG = 1009
"""Close code of a websocket: the message is too big."""


def only_events() -> None:
    """From now on, widgets of this process hear events that they declare, and no other request."""
    Events._handle_event = _event


def _event(self: Any, _: Any, content: Any, buffers: Any) -> None:
    name = content.get("event") if isinstance(content, dict) else None
    handler = getattr(type(self), f"vue_{name}", None) if isinstance(name, str) else None
    if handler is not None and not buffers:
        handler(self, content.get("data", {}))


class SmallMessages:
    """ASGI middleware that ends a websocket whose message is larger than `most` bytes."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, but for a message that is too big."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def smaller() -> Message:
            message = await receive()
            if max(len(message.get("bytes") or b""), len(message.get("text") or "")) <= self.most:
                return message
            await send({"type": "websocket.close", "code": TOO_BIG, "reason": "message too big"})
            return {"type": "websocket.disconnect", "code": TOO_BIG}

        await self.app(scope, smaller, send)
