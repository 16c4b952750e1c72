import JupyterWire
import Testing

@testable import JupyterKernel

/// What the specification says of every message that a kernel sends, applied to each one that any test sees.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html>, 5.5.
enum MessageSpecification {
  enum Field: Sendable {
    case text, flag, integer, object, list, texts, any
    case one(of: [String])
    /// An object from media types to their data: JSON for JSON types, text for all others.
    case bundle
  }

  private static let display: [String: Field] = ["data": .bundle, "metadata": .object, "transient": .object]
  private static let failure: [String: Field] = ["ename": .text, "evalue": .text, "traceback": .texts]
  private static let comm: [String: Field] = ["comm_id": .text, "data": .any]

  /// The members of the content of every type of message; those of replies are for the status `ok`.
  private static let contents: [String: [String: Field]] = [
    "status": ["execution_state": .one(of: ["starting", "busy", "idle"])],
    "iopub_welcome": ["subscription": .text],
    "execute_input": ["code": .text, "execution_count": .integer],
    "stream": ["name": .one(of: ["stdout", "stderr"]), "text": .text],
    "display_data": display, "update_display_data": display,
    "execute_result": display.merging(["execution_count": .integer]) { $1 },
    "error": failure, "clear_output": ["wait": .flag],
    "comm_open": comm.merging(["target_name": .text]) { $1 }, "comm_msg": comm, "comm_close": comm,
    "input_request": ["prompt": .text, "password": .flag],
    "execute_reply": ["execution_count": .integer, "payload": .list, "user_expressions": .object],
    "complete_reply": ["matches": .texts, "cursor_start": .integer, "cursor_end": .integer, "metadata": .object],
    "inspect_reply": ["found": .flag, "data": .bundle, "metadata": .object],
    "is_complete_reply": [:],
    "history_reply": ["history": .list],
    "comm_info_reply": ["comms": .object],
    "connect_reply": [
      "shell_port": .integer, "iopub_port": .integer, "stdin_port": .integer, "hb_port": .integer,
      "control_port": .integer,
    ],
    "kernel_info_reply": [
      "protocol_version": .text, "implementation": .text, "implementation_version": .text, "language_info": .object,
      "banner": .text, "debugger": .flag, "supported_features": .texts, "help_links": .list,
    ],
    "interrupt_reply": [:], "shutdown_reply": ["restart": .flag],
    "handshake_request": [
      "shell_port": .integer, "iopub_port": .integer, "stdin_port": .integer, "hb_port": .integer,
      "control_port": .integer,
    ],
  ]

  /// What is wrong with a message; empty if nothing is.
  static func faults(header: JSONValue, parent: JSONValue, metadata: JSONValue, content: JSONValue) -> [String] {
    var faults: [String] = []
    for name in ["msg_id", "session", "username", "date", "msg_type", "version"] where header[name]?.text == nil {
      faults.append("header.\(name) is not text")
    }
    if header["version"]?.text != "5.5" { faults.append("header.version is not 5.5") }
    let date = header["date"]?.text ?? ""
    if date.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/) == nil {
      faults.append("header.date '\(date)' is not ISO 8601 with a zone")
    }
    if parent.members == nil { faults.append("the parent header is not an object") }
    if metadata.members == nil { faults.append("the metadata is not an object") }
    let type = header["msg_type"]?.text ?? ""
    guard let fields = contents[type] else { return faults + ["\(type) is not of the specification"] }
    if type.hasSuffix("_reply") {
      if parent["msg_id"]?.text == nil { faults.append("a reply to nothing") }
      return faults + replyFaults(type, content, fields)
    }
    return faults + check(content, fields)
  }

  private static func replyFaults(_ type: String, _ content: JSONValue, _ fields: [String: Field]) -> [String] {
    switch content["status"]?.text {
    case "error": return check(content, failure)
    case "aborted": return type == "execute_reply" ? [] : ["only a cell can be aborted"]
    case "ok": break
    case "complete", "incomplete", "invalid", "unknown":
      if type == "is_complete_reply" {
        let wantsIndent = content["status"]?.text == "incomplete"
        return wantsIndent == (content["indent"]?.text != nil) ? [] : ["indent belongs to incomplete, and only there"]
      }
      fallthrough
    default: return ["the status of a reply is \(String(describing: content["status"]))"]
    }
    var faults = check(content, fields)
    if type == "kernel_info_reply", let language = content["language_info"] {
      faults += check(language, ["name": .text, "version": .text, "mimetype": .text, "file_extension": .text])
      if language["file_extension"]?.text?.hasPrefix(".") != true { faults.append("file_extension without its dot") }
    }
    if case .array(let pages)? = content["payload"] {
      for page in pages where page["source"]?.text == "page" {
        faults += check(page, ["data": .bundle, "start": .integer])
      }
    }
    return faults
  }

  private static func check(_ content: JSONValue, _ fields: [String: Field]) -> [String] {
    guard content.members != nil else { return ["the content is not an object"] }
    return fields.sorted { $0.key < $1.key }.compactMap { name, field in
      guard let value = content[name] else { return "\(name) is missing" }
      return isValid(value, field) ? nil : "\(name) is \(value)"
    }
  }

  private static func isValid(_ value: JSONValue, _ field: Field) -> Bool {
    switch (field, value) {
    case (.any, _), (.text, .string), (.flag, .bool), (.integer, .integer), (.object, .object), (.list, .array): true
    case (.texts, .array(let elements)): elements.allSatisfy { $0.text != nil }
    case (.one(let names), .string(let text)): names.contains(text)
    case (.bundle, .object(let members)):
      members.allSatisfy { type, data in type.contains("/") && (type.hasSuffix("json") || data.text != nil) }
    default: false
    }
  }
}
