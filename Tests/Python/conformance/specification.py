"""What the specification says of every message that a kernel sends, applied to each one that any client here receives.

It wraps the place where jupyter_client turns frames into a message, so that nbclient and jupyter_kernel_test are watched
as well; `Attacker` hands over what its raw sockets receive. Specification:
https://jupyter-client.readthedocs.io/en/stable/messaging.html, 5.5.
"""
import base64
import binascii
import json
import re
from datetime import datetime

from jupyter_client.session import Session

TEXT, FLAG, OBJECT, ANY = "text", "flag", "object", "any"
COUNT, BUNDLE, READABLE = "count", "bundle", "readable"


def optional(kind):
    return ("optional", kind)


def one_of(*values):
    return ("one of", values)


def list_of(kind):
    return ("list", kind)


def map_to(kind):
    return ("map", kind)


DISPLAY = {"data": BUNDLE, "metadata": OBJECT, "transient": {"display_id": optional(TEXT)}}
FAILURE = {"ename": TEXT, "evalue": TEXT, "traceback": list_of(TEXT)}
COMM = {"comm_id": TEXT, "data": ANY}
PORTS = {f"{channel}_port": COUNT for channel in ["shell", "iopub", "stdin", "control", "hb"]}
LANGUAGE = {
    "name": TEXT, "version": TEXT, "mimetype": TEXT, "file_extension": TEXT, "pygments_lexer": optional(TEXT),
    "codemirror_mode": optional(ANY), "nbconvert_exporter": optional(TEXT)}
TYPED_MATCH = {"text": TEXT, "type": TEXT, "start": COUNT, "end": COUNT, "signature": optional(TEXT)}
PAYLOADS = {
    "page": {"data": READABLE, "start": COUNT}, "set_next_input": {"text": TEXT, "replace": FLAG},
    "edit_magic": {"filename": TEXT, "line_number": COUNT}, "ask_exit": {"keepkernel": FLAG}}
HEADER = {
    "msg_id": TEXT, "session": TEXT, "username": TEXT, "date": TEXT, "msg_type": TEXT, "version": one_of("5.5"),
    "subshell_id": optional(ANY)}

# The content of every type of message; that of replies for the status `ok`, without it.
CONTENTS = {
    "iopub_welcome": {"subscription": TEXT},
    "status": {"execution_state": one_of("starting", "busy", "idle")},
    "execute_input": {"code": TEXT, "execution_count": COUNT},
    "stream": {"name": one_of("stdout", "stderr"), "text": TEXT},
    "display_data": DISPLAY,
    "update_display_data": DISPLAY | {"transient": {"display_id": TEXT}},
    "execute_result": DISPLAY | {"data": READABLE, "execution_count": COUNT},
    "error": FAILURE,
    "clear_output": {"wait": FLAG},
    "comm_open": COMM | {"target_name": TEXT}, "comm_msg": COMM, "comm_close": COMM,
    "input_request": {"prompt": TEXT, "password": FLAG},
    "execute_reply": {"execution_count": COUNT, "payload": list_of(OBJECT), "user_expressions": map_to(OBJECT)},
    "complete_reply": {
        "matches": list_of(TEXT), "cursor_start": COUNT, "cursor_end": COUNT,
        "metadata": {"_jupyter_types_experimental": optional(list_of(TYPED_MATCH))}},
    "inspect_reply": {"found": FLAG, "data": BUNDLE, "metadata": OBJECT},
    "is_complete_reply": {},
    "history_reply": {"history": list_of("entry")},
    "comm_info_reply": {"comms": map_to({"target_name": TEXT})},
    "connect_reply": PORTS,
    "kernel_info_reply": {
        "protocol_version": one_of("5.5"), "implementation": TEXT, "implementation_version": TEXT,
        "language_info": LANGUAGE, "banner": TEXT, "debugger": optional(FLAG),
        "supported_features": optional(list_of(TEXT)), "help_links": optional(list_of({"text": TEXT, "url": TEXT}))},
    "interrupt_reply": {},
    "shutdown_reply": {"restart": FLAG},
}


def is_representation(name, data):
    if not re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]+", name):
        return False
    if name == "application/json" or name.endswith("+json"):
        return True
    if not isinstance(data, str):
        return False
    if name.split("/")[0] in ["image", "audio", "video"] and name != "image/svg+xml":
        try:
            base64.b64decode(data, validate=True)
        except binascii.Error:
            return False
    return True


def is_entry(value):
    def is_pair(cell):
        return isinstance(cell, list) and len(cell) == 2 and isinstance(cell[0], str) and isinstance(cell[1], str | None)

    return (isinstance(value, list) and len(value) == 3 and fits(value[0], COUNT) and fits(value[1], COUNT)
            and (isinstance(value[2], str) or is_pair(value[2])))


def fits(value, kind):
    if isinstance(kind, dict):
        return not faults_of(value, kind, "")
    if isinstance(kind, tuple):
        if kind[0] == "one of":
            return value in kind[1]
        if kind[0] == "list":
            return isinstance(value, list) and all(fits(element, kind[1]) for element in value)
        return isinstance(value, dict) and all(fits(element, kind[1]) for element in value.values())
    return {
        ANY: lambda: True, TEXT: lambda: isinstance(value, str), FLAG: lambda: isinstance(value, bool),
        OBJECT: lambda: isinstance(value, dict), "entry": lambda: is_entry(value),
        COUNT: lambda: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        BUNDLE: lambda: isinstance(value, dict) and all(is_representation(*item) for item in value.items()),
        READABLE: lambda: fits(value, BUNDLE) and "text/plain" in value,
    }[kind]()


def faults_of(value, shape, name):
    if not isinstance(value, dict):
        return [f"{name} is not an object"]
    found = [f"{name}.{key} is not of the specification" for key in value.keys() - shape.keys()]
    for key, kind in shape.items():
        may_lack = isinstance(kind, tuple) and kind[0] == "optional"
        if key not in value:
            found += [] if may_lack else [f"{name}.{key} is missing"]
        elif not fits(value[key], kind[1] if may_lack else kind):
            found.append(f"{name}.{key} is {str(value[key])[:200]}")
    return found


def is_date(text):
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None
    except ValueError:
        return False


def reply_faults(kind, content):
    status = content.get("status")
    if status == "error":
        shape = dict(FAILURE)
    elif status == "aborted" and kind == "execute_reply":
        shape = {}
    elif kind == "is_complete_reply" and status in ["complete", "incomplete", "invalid", "unknown"]:
        shape = {"indent": TEXT} if status == "incomplete" else {}
    elif status == "ok" and kind != "is_complete_reply":
        shape = dict(CONTENTS[kind])
    else:
        return [f"the status of {kind} is {status}"]
    if kind == "execute_reply" and status != "aborted":
        shape["execution_count"] = COUNT
    found = faults_of(content, shape | {"status": TEXT}, "content")
    for payload in content.get("payload", []):
        found += faults_of(payload, PAYLOADS.get(payload.get("source"), {}) | {"source": one_of(*PAYLOADS)}, "payload")
    for name, value in content.get("user_expressions", {}).items():
        shape = {"data": READABLE, "metadata": OBJECT} if value.get("status") == "ok" else FAILURE
        found += faults_of(value, shape | {"status": one_of("ok", "error")}, name)
    return found


def message_faults(header, parent, metadata, content):
    """What is wrong with a message by itself; empty if nothing is."""
    found = faults_of(header, HEADER, "header")
    if found:
        return found
    kind = header["msg_type"]
    if not is_date(header["date"]):
        found.append(f"the date '{header['date']}' is not ISO 8601 with a zone")
    if not isinstance(metadata, dict) or not isinstance(parent, dict) or not isinstance(content, dict):
        return found + ["a part is not an object"]
    if kind not in CONTENTS:
        return found + [f"{kind} is not of the specification"]
    if kind == "iopub_welcome" or content.get("execution_state") == "starting":
        found += ["a parent where there is none"] if parent else []
    elif kind.endswith("_reply") and parent.get("msg_type") != kind.removesuffix("reply") + "request":
        found.append(f"{kind} to {parent.get('msg_type')}")
    elif kind in ["status", "execute_input", "input_request"] and "msg_id" not in parent:
        found.append(f"{kind} to nothing")
    return found + (reply_faults(kind, content) if kind.endswith("_reply") else faults_of(content, CONTENTS[kind], "content"))


class Conversation:
    """What one client hears: nothing twice, and all that belongs to a request between its busy and its idle."""

    def __init__(self):
        self.identifiers = set()
        self.states = {}
        # A client that comes late has missed the beginning of what is going on.
        self.joined = set()

    def faults(self, header, parent, metadata, content):
        found = message_faults(header, parent, metadata, content)
        if found:
            return found
        if header["msg_id"] in self.identifiers:
            found.append("the msg_id was used before")
        self.identifiers.add(header["msg_id"])
        # A manager and its client give their requests the same identifiers, so the whole parent tells them apart.
        kind, cause = header["msg_type"], (header["session"], json.dumps(parent, sort_keys=True))
        state = self.states.get(cause)
        if kind == "status" and parent:
            # A cell that still runs when something else has been answered is said to be busy again.
            follows = {"busy": [None, "busy"], "idle": ["busy"]}[content["execution_state"]]
            if None in follows:
                self.joined.add(header["session"])
            if state not in follows and header["session"] in self.joined:
                found.append(f"{content['execution_state']} after {state}")
            self.states[cause] = content["execution_state"]
        elif header["session"] in self.joined and kind in ["execute_input", "stream", "display_data", "execute_result", "error"] and state != "busy":
            found.append(f"{kind} after {state}")
        return found


found = []


def check(rules, parts):
    """Notes what `rules` find wrong with a message, given as its four parts."""
    header, parent, metadata, content = (json.loads(bytes(part)) for part in parts)
    found.extend(f"{header.get('msg_type')}: {fault}" for fault in rules(header, parent, metadata, content))


def watch():
    """From now on every session checks what it receives."""
    plain = Session.deserialize

    def deserialize(self, msg_list, content=True, copy=True):
        parts = [part if isinstance(part, bytes) else part.bytes for part in msg_list[1:5]]
        check(self.__dict__.setdefault("conversation", Conversation()).faults, parts)
        return plain(self, msg_list, content=content, copy=copy)

    Session.deserialize = deserialize
