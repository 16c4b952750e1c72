import Files
import JupyterWire

/// What the specification says of the messages that one front end hears, taken together.
///
/// Everything on iopub that belongs to a request comes between one busy and one idle, in the order in which a front end
/// builds a cell from it; counts and errors are the same wherever they are told; no message has another's name.
final class ConversationRules {
  private struct Exchange {
    var hasBegun = false
    var hasEnded = false
    var isOpen: Bool { hasBegun && !hasEnded }
    var published = 0
    var count: JSONValue?
    var failure: [JSONValue?]?
    var hasShownError = false
  }

  /// The headers of the requests, which come back unchanged.
  private var requests: [String: JSONValue] = [:]
  private var exchanges: [String: Exchange] = [:]
  private var identifiers: Set<String> = []
  private var displays: Set<String> = []
  private var session: String?
  private var hasStarted = false

  /// A header that the front end is about to send.
  func note(request header: JSONValue) { requests[header["msg_id"]?.text ?? ""] = header }

  /// What is wrong with a message after all before it; empty if nothing is.
  func faults(header: JSONValue, parent: JSONValue, content: JSONValue, on channel: ConnectionFile.Channel) -> [String]
  {
    var faults: [String] = []
    let type = header["msg_type"]?.text ?? ""
    if !identifiers.insert(header["msg_id"]?.text ?? "").inserted { faults.append("msg_id was used before") }
    if session == nil { session = header["session"]?.text }
    if header["session"]?.text != session { faults.append("the session has changed") }
    guard let cause = parent["msg_id"]?.text else {
      if content["execution_state"]?.text == "starting" {
        if hasStarted { faults.append("starting for a second time") }
        hasStarted = true
      }
      return faults
    }
    if let request = requests[cause], request != parent { faults.append("the parent header is no copy") }
    var exchange = exchanges[cause] ?? Exchange()
    if channel == .iopub { faults += publicationFaults(type, content, &exchange) }
    if type == "execute_reply" || type == "execute_input" || type == "execute_result" {
      if let count = exchange.count, count != content["execution_count"] { faults.append("another execution_count") }
      exchange.count = content["execution_count"]
    }
    if type == "error" || (type == "execute_reply" && content["status"]?.text == "error") {
      let failure = ["ename", "evalue", "traceback"].map { content[$0] }
      if let told = exchange.failure, told != failure { faults.append("the error differs from the one told before") }
      exchange.failure = failure
    }
    exchanges[cause] = exchange
    return faults
  }

  private func publicationFaults(_ type: String, _ content: JSONValue, _ exchange: inout Exchange) -> [String] {
    defer { exchange.published += 1 }
    switch content["execution_state"]?.text {
    case "busy":
      defer { exchange.hasBegun = true }
      // A cell that still runs when something else has been answered is said to be busy again.
      return exchange.published > 0 && !exchange.isOpen ? ["busy is not the first"] : []
    case "idle":
      defer { exchange.hasEnded = true }
      return exchange.isOpen ? [] : ["idle without busy"]
    default: break
    }
    // A comm belongs to no cell and speaks when it likes.
    if type.hasPrefix("comm_") { return [] }
    var faults = exchange.isOpen ? [] : ["\(type) outside of busy and idle"]
    if type == "execute_input", exchange.published != 1 { faults.append("execute_input does not follow busy") }
    if type == "error" {
      if exchange.hasShownError { faults.append("a second error") }
      exchange.hasShownError = true
    }
    if let display = content["transient"]?["display_id"]?.text {
      if type == "update_display_data", !displays.contains(display) { faults.append("an update of nothing") }
      displays.insert(display)
    }
    return faults
  }
}
