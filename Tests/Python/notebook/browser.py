"""A page in a headless Chromium, driven over its debugging pipe: no server, no network, no other packages."""
from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page:
    """One page of a browser of its own; what the page complains of is kept in `complaints`.

    With `webgl` it has WebGL 2, by software; where that is False it has none.
    """

    def __init__(self, width: int = 1200, height: int = 800, dark: bool = False, webgl: bool | None = None):
        self.folder = tempfile.mkdtemp(prefix="tessera-browser-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        # The browser's ends are 3 and 4.
        shell = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        graphics = {None: ["--disable-gpu"], False: ["--disable-gpu", "--disable-3d-apis"],
                    True: ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]}[webgl]
        self._process = subprocess.Popen(
            ["bash", "-c", shell, CHROMIUM, "--headless=new", "--no-sandbox", *graphics, "--disable-dev-shm-usage",
             "--no-first-run", f"--user-data-dir={self.folder}", f"--window-size={width},{height}",
             "--remote-debugging-pipe", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._buffer, self._session = 0, b"", None
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            self._call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._session = None
            self._call("Browser.close")
            self._process.wait(10)
        except Exception:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, method: str, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._hear(answer)

    def _next(self) -> dict:
        while b"\0" not in self._buffer:
            part = os.read(self._in, 1 << 16)
            if not part:
                raise RuntimeError("the browser ended")
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def _hear(self, message: dict) -> None:
        body = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(body["exceptionDetails"])[:500])
            case "Runtime.consoleAPICalled" if body["type"] in ("error", "assert"):
                self.complaints.append(json.dumps(body["args"])[:500])
            case "Log.entryAdded" if body["entry"]["level"] == "error":
                self.complaints.append(body["entry"]["text"] + " " + body["entry"].get("url", ""))
            case "Network.requestWillBeSent":
                self.requests.append(body["request"]["url"][:200])

    def open(self, path: Path) -> None:
        """Opens a file from the disk."""
        self.go(Path(path).resolve().as_uri())

    def go(self, address: str) -> None:
        self._call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def value(self, expression: str):
        """What an expression is, or what its promise comes to."""
        result = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def wait(self, expression: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def mouse(self, kind: str, x: float, y: float, **more) -> None:
        """`kind` is Moved, Pressed, Released or Wheel."""
        self._call("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, **more)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.mouse("Pressed", *start, button="left", buttons=1, clickCount=1)
        self.mouse("Moved", *end, button="left", buttons=1)
        self.mouse("Released", *end, button="left", clickCount=1)

    def trail(self, *places: tuple[float, float], modifiers: int = 0) -> None:
        """Draws along places with the button held; `modifiers` are 1 Alt, 2 Ctrl, 4 Meta and 8 Shift."""
        self.mouse("Moved", *places[0], modifiers=modifiers)
        self.mouse("Pressed", *places[0], button="left", buttons=1, clickCount=1, modifiers=modifiers)
        for place in places[1:]:
            self.mouse("Moved", *place, button="left", buttons=1, modifiers=modifiers)
        self.mouse("Released", *places[-1], button="left", clickCount=1, modifiers=modifiers)

    def click(self, x: float, y: float, modifiers: int = 0) -> None:
        self.trail((x, y), modifiers=modifiers)

    def resize(self, width: int, height: int) -> None:
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """`kind` is Start, Move or End."""
        self._call("Input.dispatchTouchEvent", type=f"touch{kind}",
                   touchPoints=[{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)])

    def key(self, name: str, text: str | None = None, modifiers: int = 0) -> None:
        more = {"modifiers": modifiers, **({"text": text} if text else {})}
        # The browser moves the focus, and presses buttons, by the number of a key.
        if name in (numbers := {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}):
            more["windowsVirtualKeyCode"] = numbers[name]
        self._call("Input.dispatchKeyEvent", type="keyDown", key=name, **more)
        self._call("Input.dispatchKeyEvent", type="keyUp", key=name)

    def screenshot(self) -> bytes:
        return base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])
