"""The running helper as an editor talks to it: JSON-RPC over its standard streams."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

_CAPABILITIES = {
    "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True}}
}


class Helper:
    """A helper, or another language server, for the length of a `with` block."""

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

    @property
    def memory(self) -> float:
        """What it has in memory now, in MB; 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return 0.0
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6

    def initialize(self, *folders: Path) -> None:
        """Begin the conversation, with these folders open."""
        opened = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "capabilities": _CAPABILITIES,
                "workspaceFolders": opened,
            },
        )
        self.notify("initialized", {})

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """Ask, and wait for the answer."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        answer = self._await(lambda message: message.get("id") == number and "method" not in message)
        if "error" in answer:
            raise SystemExit(f"The helper failed: {answer['error']}")
        return answer["result"]

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Say something that has no answer."""
        self._send({"method": method, "params": params})

    def told(self, method: str, accept: Callable[[Any], bool] = lambda _: True) -> Any:
        """Wait until it says something of its own accord."""
        return self._await(lambda said: said.get("method") == method and accept(said["params"]))["params"]

    def _await(self, accept: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            message = self._receive()
            if "id" in message and "method" in message:  # to watch files: an editor agrees
                self._send({"id": message["id"], "result": None})
            if accept(message):
                return message

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
