"""The running helper as an editor talks to it: JSON-RPC over its standard streams."""

from __future__ import annotations

import json
import os
import subprocess
from types import TracebackType
from typing import Any


class Helper:
    """A helper for the length of a `with` block."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._number = 0

    def __enter__(self) -> Helper:  # noqa: PYI034 - Self is younger than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def initialize(self) -> None:
        """Begin the conversation, with no folder open."""
        self.request("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": {}})
        self.notify("initialized", {})

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """Ask, and wait for the answer."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._number and "method" not in message:
                if "error" in message:
                    raise SystemExit(f"The helper failed: {message['error']}")
                return message["result"]

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Say something that has no answer."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        if stream is None:
            raise SystemExit("The helper has no standard input.")
        stream.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        stream.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        length = 0
        while stream and (line := stream.readline().strip()):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if not stream or not length:
            raise SystemExit("The helper ended.")
        message: dict[str, Any] = json.loads(stream.read(length))
        return message
