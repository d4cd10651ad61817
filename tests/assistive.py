"""An outside client over AT-SPI: it reports a fault and closes its ticket by names alone.

    python -m tests.assistive

It starts a session bus, a screen and the program on a demo district, all its own, and then does
what a screen reader does: it looks for what is there by role and accessible name, reads it and
presses it.  Needs `dbus-run-session`, `Xvfb` and `at-spi2-core`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jeepney.io.blocking import DBusConnection

__all__ = ["missing_tools", "run"]

_TOOLS = ("dbus-run-session", "xvfb-run", "Xvfb")
_BUS_SERVICE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_SHOWING = 25
"""Bit of the state set: the object is on the screen."""
_ENABLED = 8
_PATIENCE = 60


def missing_tools() -> list[str]:
    """Return what this machine lacks of what the client needs."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if not _BUS_SERVICE.exists():
        missing.append("at-spi2-core")
    return missing


def run() -> subprocess.CompletedProcess[str]:
    """Run the client with a bus, a screen and a program of its own; its words are the output."""
    command = ["dbus-run-session", "--", "xvfb-run", "-a", "-s", "-screen 0 1366x768x24"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    return subprocess.run(
        [*command, sys.executable, "-m", "tests.assistive", "--inside"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Accessible:
    """An object of the program as the bus shows it."""

    bus: DBusConnection
    owner: str
    path: str

    def _call(self, interface: str, method: str, signature: str = "", *body: Any) -> Any:
        address = DBusAddress(self.path, bus_name=self.owner, interface=interface)
        message = new_method_call(address, method, signature or None, body)
        return unwrap_msg(self.bus.send_and_get_reply(message, timeout=10))

    def _property(self, interface: str, name: str) -> Any:
        address = DBusAddress(self.path, bus_name=self.owner, interface=interface)
        reply = self.bus.send_and_get_reply(Properties(address).get(name), timeout=10)
        return unwrap_msg(reply)[0][1]

    @property
    def name(self) -> str:
        """Its accessible name."""
        return str(self._property(_ACCESSIBLE, "Name"))

    @property
    def role(self) -> str:
        """Its role, as ``push button``."""
        return str(self._call(_ACCESSIBLE, "GetRoleName")[0])

    def has(self, state: int) -> bool:
        """Return whether a state is set."""
        low, high = self._call(_ACCESSIBLE, "GetState")[0]
        return bool((high << 32 | low) >> state & 1)

    def children(self) -> list[Accessible]:
        """Return what it holds."""
        (found,) = self._call(_ACCESSIBLE, "GetChildren")
        return [Accessible(self.bus, owner, path) for owner, path in found]

    def all(self) -> Iterator[Accessible]:
        """Yield it and everything under it that is on the screen."""
        yield self
        for child in self.children():
            if child.has(_SHOWING):
                yield from child.all()

    def press(self) -> None:
        """Do its first action: press a button, choose an entry."""
        action = "org.a11y.atspi.Action"
        (done,) = self._call(action, "DoAction", "i", 0)
        if not done:
            raise SystemExit(f"{self.name} cannot be pressed")

    def write(self, text: str) -> None:
        """Put a text in."""
        (done,) = self._call("org.a11y.atspi.EditableText", "SetTextContents", "s", text)
        if not done:
            raise SystemExit(f"{self.name} takes no text")


class Client:
    """Looks for things in one program until they are there."""

    def __init__(self) -> None:
        session = open_dbus_connection(bus="SESSION")
        launcher = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        reply = session.send_and_get_reply(new_method_call(launcher, "GetAddress"))
        self._bus = open_dbus_connection(bus=reply.body[0])
        self._root = Accessible(
            self._bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"
        )

    def tree(self) -> str:
        """Return what is on the screen, for a person who looks why something was not found."""
        lines: list[str] = []

        def add(each: Accessible, depth: int) -> None:
            lines.append(f"{'  ' * depth}{each.role}: {each.name}")
            for child in each.children():
                if child.has(_SHOWING):
                    add(child, depth + 1)

        for program in self._root.children():
            add(program, 0)
        return "\n".join(lines)

    def _all(self) -> Iterator[Accessible]:
        for program in self._root.children():
            # Dialogs come after the window that they belong to, and are in front.
            for window in reversed(program.children()):
                yield from window.all()

    def find(self, role: str, fits: Callable[[str], bool], what: str) -> Accessible:
        """Return the first of a role whose name fits, as soon as it is there and enabled."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            # What has gone while it was looked at answers with an error: the search begins again.
            with suppress(DBusErrorResponse):
                for found in self._all():
                    if found.role == role and fits(found.name) and found.has(_ENABLED):
                        return found
            time.sleep(0.1)
        raise SystemExit(f"no {role} {what}\n{self.tree()}")


def _report_and_close(client: Client) -> None:
    """Report a fault at the counter, repair it in the workshop, and confirm that it works."""

    def press(name: str, role: str = "push button") -> None:
        client.find(role, lambda found: found.startswith(name), name).press()
        print(f"pressed: {name}", flush=True)

    def sign_in(name: str) -> None:
        press(name, "list item")
        press("Sign in")

    sign_in("何秀梅")
    terminal = client.find(
        "push button", lambda name: name.startswith("LK-") and "reported" not in name, "terminal"
    )
    tag = terminal.name.split()[0]
    terminal.press()
    press("无法联网", "check box")
    press("Report")
    answer = client.find("label", lambda name: name.startswith("Ticket WX"), "answer").name
    number = answer.split()[1].rstrip(":")
    print(answer)
    press("Sign out")

    sign_in("刘洋")
    client.find("text", lambda name: name == "Search", "search").write(number)
    client.find("label", lambda name: name == number, number)
    press("Accept")
    client.find("filler", lambda name: name == "Accepted", "state")
    press("On site")
    client.find("check box", lambda name: name == "Now", "when")
    press("On site")
    client.find("filler", lambda name: name == "On site", "state")
    press("Restored")
    client.find("text", lambda name: name == "Cause of fault", "cause").write("线路故障")
    press("Restored")
    client.find("label", lambda name: name.startswith(f"{tag} is back"), "answer")
    press("Sign out")

    sign_in("何秀梅")
    press(f"{number} It works")
    print(client.find("label", lambda name: name == f"Ticket {number} is closed.", "answer").name)


def _inside() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder}
        location = str(Path(folder) / "demo.db")
        for words in (["database", "init"], ["demo", "--months", "1"]):
            command = [sys.executable, "-m", "desk_maint", "--database", location, *words]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        program = subprocess.Popen(
            [sys.executable, "-m", "desk_maint", "--database", location, "--lang", "en"],
            env=environment,
        )
        try:
            _report_and_close(Client())
        finally:
            program.terminate()
            program.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        _inside()
    else:
        done = run()
        print(done.stdout, done.stderr)
        sys.exit(done.returncode)
