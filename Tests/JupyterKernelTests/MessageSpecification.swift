import Files
import Foundation
import JupyterWire

/// What the specification says of every message that a kernel sends, taken by itself.
///
/// Nothing is allowed that is not named here. `ConversationRules` adds what it says of messages together.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html>, 5.5.
enum MessageSpecification {
  /// The members of an object: those that must be there, and those that may.
  struct Shape: Sendable {
    var required: [String: Field]
    var optional: [String: Field] = [:]
  }

  indirect enum Field: Sendable {
    case text, flag, integer, object, any, null
    case one(of: [String])
    case list(of: Field)
    case tuple([Field])
    case either(Field, Field)
    case shape(Shape)
    /// An object with any names.
    case map(to: Field)
    /// An object from media types to their data: JSON for JSON types, base64 for pictures, text for all others.
    case bundle
    /// A bundle that a terminal can show, too.
    case readableBundle
  }

  /// The types of messages on each channel.
  private static let channels: [ConnectionFile.Channel: Set<String>] = [
    .shell: [
      "execute_reply", "inspect_reply", "complete_reply", "history_reply", "is_complete_reply", "connect_reply",
      "comm_info_reply", "kernel_info_reply", "shutdown_reply",
    ],
    .control: ["kernel_info_reply", "connect_reply", "interrupt_reply", "shutdown_reply"],
    .stdin: ["input_request"],
    .iopub: [
      "iopub_welcome", "status", "execute_input", "stream", "display_data", "update_display_data", "execute_result",
      "error", "clear_output", "comm_open", "comm_msg", "comm_close",
    ],
  ]

  private static let header = Shape(
    required: [
      "msg_id": .text, "session": .text, "username": .text, "date": .text, "msg_type": .text,
      "version": .one(of: ["5.5"]),
    ], optional: ["subshell_id": .either(.text, .null)])
  private static let transient = Shape(required: [:], optional: ["display_id": .text])
  private static let failure: [String: Field] = ["ename": .text, "evalue": .text, "traceback": .list(of: .text)]
  private static let display: [String: Field] = [
    "data": .bundle, "metadata": .object, "transient": .shape(transient),
  ]
  private static let ports: [String: Field] = [
    "shell_port": .integer, "iopub_port": .integer, "stdin_port": .integer, "hb_port": .integer,
    "control_port": .integer,
  ]
  private static let language = Shape(
    required: ["name": .text, "version": .text, "mimetype": .text, "file_extension": .text],
    optional: ["pygments_lexer": .text, "codemirror_mode": .either(.text, .object), "nbconvert_exporter": .text])
  private static let typedMatch = Shape(
    required: ["text": .text, "type": .text, "start": .integer, "end": .integer], optional: ["signature": .text])

  private static let payloads: [String: Shape] = [
    "page": Shape(required: ["data": .readableBundle, "start": .integer]),
    "set_next_input": Shape(required: ["text": .text, "replace": .flag]),
    "edit_magic": Shape(required: ["filename": .text, "line_number": .integer]),
    "ask_exit": Shape(required: ["keepkernel": .flag]),
  ]

  /// The members of the content of every type of message; those of replies for the status `ok`, without it.
  private static let contents: [String: Shape] = [
    "status": Shape(required: ["execution_state": .one(of: ["starting", "busy", "idle"])]),
    "iopub_welcome": Shape(required: ["subscription": .text]),
    "execute_input": Shape(required: ["code": .text, "execution_count": .integer]),
    "stream": Shape(required: ["name": .one(of: ["stdout", "stderr"]), "text": .text]),
    "display_data": Shape(required: display),
    "update_display_data": Shape(
      required: display.merging(["transient": .shape(Shape(required: ["display_id": .text]))]) { $1 }),
    "execute_result": Shape(
      required: ["execution_count": .integer, "data": .readableBundle, "metadata": .object],
      optional: ["transient": .shape(transient)]),
    "error": Shape(required: failure),
    "clear_output": Shape(required: ["wait": .flag]),
    "comm_open": Shape(required: ["comm_id": .text, "target_name": .text, "data": .any]),
    "comm_msg": Shape(required: ["comm_id": .text, "data": .any]),
    "comm_close": Shape(required: ["comm_id": .text, "data": .any]),
    "input_request": Shape(required: ["prompt": .text, "password": .flag]),
    "execute_reply": Shape(
      required: ["execution_count": .integer, "payload": .list(of: .object), "user_expressions": .map(to: .object)]),
    "complete_reply": Shape(
      required: [
        "matches": .list(of: .text), "cursor_start": .integer, "cursor_end": .integer,
        "metadata": .shape(
          Shape(required: [:], optional: ["_jupyter_types_experimental": .list(of: .shape(typedMatch))])),
      ]),
    "inspect_reply": Shape(required: ["found": .flag, "data": .bundle, "metadata": .object]),
    "is_complete_reply": Shape(required: [:]),
    "history_reply": Shape(
      required: [
        "history": .list(
          of: .tuple([.integer, .integer, .either(.text, .tuple([.text, .either(.text, .null)]))]))
      ]),
    "comm_info_reply": Shape(required: ["comms": .map(to: .shape(Shape(required: ["target_name": .text])))]),
    "connect_reply": Shape(required: ports),
    "kernel_info_reply": Shape(
      required: [
        "protocol_version": .one(of: ["5.5"]), "implementation": .text, "implementation_version": .text,
        "language_info": .shape(language), "banner": .text,
      ],
      optional: [
        "debugger": .flag, "supported_features": .list(of: .text),
        "help_links": .list(of: .shape(Shape(required: ["text": .text, "url": .text]))),
      ]),
    "interrupt_reply": Shape(required: [:]),
    "shutdown_reply": Shape(required: ["restart": .flag]),
    "handshake_request": Shape(required: ports),
  ]

  /// What is wrong with a message; empty if nothing is.
  ///
  /// - Parameter channel: where it came; nil if that is not to be looked at.
  static func faults(
    header: JSONValue, parent: JSONValue, metadata: JSONValue, content: JSONValue,
    on channel: ConnectionFile.Channel? = nil
  ) -> [String] {
    var faults = check(header, Self.header, "header")
    for name in ["msg_id", "session", "msg_type"] where header[name]?.text == "" {
      faults.append("header.\(name) is empty")
    }
    let date = header["date"]?.text ?? ""
    if date.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/) == nil {
      faults.append("header.date '\(date)' is not ISO 8601 with a zone")
    }
    if metadata.members == nil { faults.append("the metadata is not an object") }
    let type = header["msg_type"]?.text ?? ""
    if let channel, channels[channel]?.contains(type) != true { faults.append("\(type) on \(channel.rawValue)") }
    faults += parentFaults(type, parent, content)
    guard var shape = contents[type] else { return faults + ["\(type) is not of the specification"] }
    if !type.hasSuffix("_reply") { return faults + check(content, shape, "content") + displayFaults(content) }

    let status = content["status"]?.text ?? ""
    if status == "error" {
      shape = Shape(required: failure)
    } else if status == "aborted", type == "execute_reply" {
      shape = Shape(required: [:])
    } else if type == "is_complete_reply", ["complete", "incomplete", "invalid", "unknown"].contains(status) {
      if status == "incomplete" { shape.required["indent"] = .text }
    } else if type != "is_complete_reply", status == "ok" {
      faults += replyFaults(type, content)
    } else {
      return faults + ["the status of \(type) is '\(status)'"]
    }
    shape.required["status"] = .text
    if type == "execute_reply", status != "aborted" { shape.required["execution_count"] = .integer }
    return faults + check(content, shape, "content")
  }

  private static func parentFaults(_ type: String, _ parent: JSONValue, _ content: JSONValue) -> [String] {
    guard let members = parent.members else { return ["the parent header is not an object"] }
    let hasNone =
      type == "iopub_welcome" || content["execution_state"]?.text == "starting" || type == "handshake_request"
    if hasNone { return members.isEmpty ? [] : ["\(type) with a parent"] }
    if type == "status" || type == "execute_input" || type == "input_request" || type.hasSuffix("_reply") {
      guard parent["msg_id"]?.text != nil, let cause = parent["msg_type"]?.text else { return ["\(type) to nothing"] }
      if type.hasSuffix("_reply"), cause != type.dropLast("reply".count) + "request" { return ["\(type) to \(cause)"] }
    }
    return []
  }

  /// What the shapes do not say of bundles and their metadata.
  private static func displayFaults(_ content: JSONValue) -> [String] {
    (content["metadata"]?.members ?? [:]).compactMap { name, value in
      guard name.contains("/") else { return nil }
      if value.members == nil { return "metadata.\(name) is not an object" }
      return content["data"]?[name] == nil ? "metadata for \(name), which is not there" : nil
    }
  }

  private static func replyFaults(_ type: String, _ content: JSONValue) -> [String] {
    var faults = displayFaults(content)
    if let language = content["language_info"], language["file_extension"]?.text?.hasPrefix(".") != true {
      faults.append("file_extension without its dot")
    }
    for payload in content["payload"]?.elements ?? [] {
      guard var shape = payloads[payload["source"]?.text ?? ""] else { return ["payload of an unknown source"] }
      shape.required["source"] = .text
      faults += check(payload, shape, "payload")
    }
    for (name, value) in content["user_expressions"]?.members ?? [:] {
      let shape =
        value["status"]?.text == "ok" ? ["data": .readableBundle, "metadata": .object] : failure
      faults += check(
        value, Shape(required: shape.merging(["status": .one(of: ["ok", "error"])]) { $1 }), "user_expressions.\(name)")
    }
    if type == "inspect_reply", content["found"] == .bool(content["data"] == .object([:])) {
      faults.append("found says otherwise than data")
    }
    if case .integer(let start)? = content["cursor_start"], case .integer(let end)? = content["cursor_end"] {
      if start < 0 || start > end { faults.append("the cursor ends before it starts") }
      if let typed = content["metadata"]?["_jupyter_types_experimental"]?.elements,
        typed.compactMap({ $0["text"] }) != content["matches"]?.elements
      {
        faults.append("the typed matches are others than the matches")
      }
    }
    return faults
  }

  private static func check(_ value: JSONValue, _ shape: Shape, _ name: String) -> [String] {
    guard let members = value.members else { return ["\(name) is not an object"] }
    var faults = shape.required.keys.filter { members[$0] == nil }.map { "\(name).\($0) is missing" }
    for (key, value) in members {
      guard let field = shape.required[key] ?? shape.optional[key] else {
        faults.append("\(name).\(key) is not of the specification")
        continue
      }
      if !isValid(value, field) { faults.append("\(name).\(key) is \("\(value)".prefix(200))") }
    }
    return faults.sorted()
  }

  private static func isValid(_ value: JSONValue, _ field: Field) -> Bool {
    switch (field, value) {
    case (.any, _), (.text, .string), (.flag, .bool), (.object, .object), (.null, .null): true
    case (.integer, .integer(let number)): number >= 0
    case (.one(let names), .string(let text)): names.contains(text)
    case (.list(let element), .array(let elements)): elements.allSatisfy { isValid($0, element) }
    case (.tuple(let fields), .array(let elements)):
      fields.count == elements.count && zip(elements, fields).allSatisfy { isValid($0, $1) }
    case (.either(let one, let other), _): isValid(value, one) || isValid(value, other)
    case (.shape(let shape), _): check(value, shape, "").isEmpty
    case (.map(let element), .object(let members)): members.values.allSatisfy { isValid($0, element) }
    case (.readableBundle, .object(let members)): members["text/plain"] != nil && isValid(value, .bundle)
    case (.bundle, .object(let members)): members.allSatisfy { isRepresentation($0.key, $0.value) }
    default: false
    }
  }

  private static func isRepresentation(_ type: String, _ data: JSONValue) -> Bool {
    guard type.wholeMatch(of: /[a-z]+\/[A-Za-z0-9.+-]+/) != nil else { return false }
    if type == "application/json" || type.hasSuffix("+json") { return true }
    guard let text = data.text else { return false }
    let isBinary = ["image/", "audio/", "video/"].contains { type.hasPrefix($0) } && type != "image/svg+xml"
    return !isBinary || Data(base64Encoded: text) != nil
  }
}

extension JSONValue {
  fileprivate var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
