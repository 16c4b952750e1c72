import Files
import JupyterWire
import Testing

@testable import JupyterKernel

/// The checkers themselves: a good message of every kind passes, and one that is wrong in any way does not.
@Suite struct SpecificationTests {
  /// Type of message, content, and the contents that must be found at fault.
  private static let samples: [(type: String, good: String, bad: [String])] = [
    (
      "status", #"{"execution_state":"busy"}"#,
      [#"{"execution_state":"dead"}"#, "{}", "[]", #"{"execution_state":"busy","x":1}"#]
    ),
    ("stream", #"{"name":"stdout","text":"a"}"#, [#"{"name":"stdlog","text":"a"}"#, #"{"name":"stdout","text":1}"#]),
    (
      "execute_input", #"{"code":"a","execution_count":1}"#, [#"{"code":"a"}"#, #"{"code":"a","execution_count":"1"}"#]
    ),
    (
      "display_data", #"{"data":{"image/png":"aGk=","a/b+json":[1]},"metadata":{"image/png":{}},"transient":{}}"#,
      [
        #"{"data":{"image/png":"not base64"},"metadata":{},"transient":{}}"#,
        #"{"data":{"text/html":{}},"metadata":{},"transient":{}}"#,
        #"{"data":{"text":"a"},"metadata":{},"transient":{}}"#,
        #"{"data":{},"metadata":{"image/png":{}},"transient":{}}"#,
        #"{"data":{},"metadata":{},"transient":{"display_id":1}}"#, #"{"data":{},"metadata":{}}"#,
      ]
    ),
    (
      "update_display_data", #"{"data":{},"metadata":{},"transient":{"display_id":"d"}}"#,
      [#"{"data":{},"metadata":{},"transient":{}}"#]
    ),
    (
      "execute_result", #"{"data":{"text/plain":"1"},"metadata":{},"transient":{},"execution_count":1}"#,
      [
        #"{"data":{"text/html":"1"},"metadata":{},"transient":{},"execution_count":1}"#,
        #"{"data":{"text/plain":"1"},"metadata":{},"transient":{}}"#,
      ]
    ),
    (
      "error", #"{"ename":"a","evalue":"b","traceback":["c"]}"#,
      [#"{"ename":"a","evalue":"b","traceback":"c"}"#, #"{"status":"error","ename":"a","evalue":"b","traceback":[]}"#]
    ),
    ("clear_output", #"{"wait":true}"#, [#"{"wait":0}"#]),
    ("comm_open", #"{"comm_id":"a","target_name":"b","data":{}}"#, [#"{"comm_id":"a","data":{}}"#]),
    ("comm_close", #"{"comm_id":"a","data":{}}"#, [#"{"comm_id":"a"}"#]),
    ("input_request", #"{"prompt":"a","password":false}"#, [#"{"prompt":"a"}"#]),
    (
      "execute_reply",
      #"{"status":"ok","execution_count":1,"payload":[{"source":"ask_exit","keepkernel":true}],"user_expressions":{"a":{"status":"ok","data":{"text/plain":"1"},"metadata":{}}}}"#,
      [
        #"{"status":"fine","execution_count":1}"#, #"{"status":"error","execution_count":1}"#,
        #"{"status":"aborted","execution_count":1}"#,
        #"{"status":"ok","execution_count":1,"payload":[{"source":"beep"}],"user_expressions":{}}"#,
        #"{"status":"ok","execution_count":1,"payload":[{"source":"page","data":{},"start":0}],"user_expressions":{}}"#,
        #"{"status":"ok","execution_count":1,"payload":[],"user_expressions":{"a":{"status":"error"}}}"#,
        #"{"status":"error","execution_count":1,"ename":"a","evalue":"b","traceback":[],"payload":[]}"#,
      ]
    ),
    (
      "complete_reply",
      #"{"status":"ok","matches":["a"],"cursor_start":0,"cursor_end":1,"metadata":{"_jupyter_types_experimental":[{"text":"a","type":"t","start":0,"end":1}]}}"#,
      [
        #"{"status":"ok","matches":["a"],"cursor_start":2,"cursor_end":1,"metadata":{}}"#,
        #"{"status":"ok","matches":["a"],"cursor_start":0,"cursor_end":1,"metadata":{"_jupyter_types_experimental":[]}}"#,
        #"{"status":"ok","matches":"a","cursor_start":0,"cursor_end":1,"metadata":{}}"#,
      ]
    ),
    (
      "inspect_reply", #"{"status":"ok","found":true,"data":{"text/plain":"a"},"metadata":{}}"#,
      [#"{"status":"ok","found":true,"data":{},"metadata":{}}"#, #"{"status":"ok","found":true,"metadata":{}}"#]
    ),
    (
      "is_complete_reply", #"{"status":"incomplete","indent":""}"#,
      [#"{"status":"incomplete"}"#, #"{"status":"complete","indent":""}"#, #"{"status":"ok"}"#]
    ),
    (
      "history_reply", #"{"status":"ok","history":[[1,2,"a"],[1,3,["b",null]]]}"#,
      [#"{"status":"ok","history":[[1,"a"]]}"#, #"{"status":"ok","history":[[1,2,["a"]]]}"#]
    ),
    (
      "comm_info_reply", #"{"status":"ok","comms":{"a":{"target_name":"b"}}}"#,
      [#"{"status":"ok","comms":{"a":"b"}}"#, #"{"status":"complete","comms":{}}"#]
    ),
    (
      "kernel_info_reply",
      #"{"status":"ok","protocol_version":"5.5","implementation":"a","implementation_version":"1","language_info":{"name":"a","version":"1","mimetype":"a/b","file_extension":".a"},"banner":""}"#,
      [
        #"{"status":"ok","protocol_version":"5.5","implementation":"a","implementation_version":"1","language_info":{"name":"a","version":"1","mimetype":"a/b","file_extension":"a"},"banner":""}"#,
        #"{"status":"ok","protocol_version":"5.5","implementation":"a","implementation_version":"1","language_info":{},"banner":""}"#,
      ]
    ),
    ("shutdown_reply", #"{"status":"ok","restart":false}"#, [#"{"status":"ok"}"#]),
    ("interrupt_reply", #"{"status":"ok"}"#, [#"{"status":"ok","why":""}"#, "{}"]),
    ("frobnicate", "", ["{}"]),
  ]

  private static let date = "2026-01-02T03:04:05.000006Z"

  private static func header(_ type: String, _ change: [String: JSONValue] = [:]) -> JSONValue {
    .object(
      [
        "msg_id": .string("k1"), "session": .string("k"), "username": .string(""), "date": .string(date),
        "msg_type": .string(type), "version": .string("5.5"),
      ].merging(change) { $1 })
  }

  private static func parent(of type: String) -> JSONValue {
    let cause = type.hasSuffix("_reply") ? type.dropLast(5) + "request" : "execute_request"
    return .object(["msg_id": .string("m1"), "msg_type": .string(String(cause))])
  }

  @Test func aGoodMessageOfEveryTypePassesAndABadOneDoesNot() throws {
    for (type, good, bad) in Self.samples {
      for (content, isGood) in [(good, true)] + bad.map({ ($0, false) }) where !content.isEmpty {
        let faults = MessageSpecification.faults(
          header: Self.header(type), parent: Self.parent(of: type), metadata: .object([:]),
          content: try JSONValue(parsing: Array(content.utf8)))
        #expect(faults.isEmpty == isGood, "\(type) \(content): \(faults)")
      }
    }
  }

  @Test func aHeaderAParentAndAChannelAreCheckedToo() {
    let reply = "interrupt_reply"
    let content = JSONValue.object(["status": .string("ok")])
    func faults(
      _ header: JSONValue, parent: JSONValue = Self.parent(of: reply), metadata: JSONValue = .object([:]),
      on channel: ConnectionFile.Channel = .control
    ) -> Int {
      MessageSpecification.faults(header: header, parent: parent, metadata: metadata, content: content, on: channel)
        .count
    }
    #expect(faults(Self.header(reply)) == 0)
    #expect(faults(Self.header(reply), on: .shell) == 1)
    #expect(faults(Self.header(reply), parent: .object([:])) == 1)
    #expect(faults(Self.header(reply), parent: Self.parent(of: "status")) == 1)
    #expect(faults(Self.header(reply), metadata: .null) == 1)
    for (name, value) in [
      ("date", "2026-01-02T03:04:05"), ("date", ""), ("version", "5.4"), ("session", ""), ("msg_id", ""), ("extra", ""),
    ] { #expect(faults(Self.header(reply, [name: .string(value)])) == 1, "\(name)") }
    #expect(faults(Self.header(reply, ["username": .null])) == 1)
  }

  @Test func theOrderOfMessagesIsChecked() throws {
    let busy = ("status", #"{"execution_state":"busy"}"#)
    let idle = ("status", #"{"execution_state":"idle"}"#)
    let input = ("execute_input", #"{"code":"","execution_count":1}"#)
    let stream = ("stream", "{}")
    let error = ("error", #"{"ename":"a"}"#)
    let update = ("update_display_data", #"{"transient":{"display_id":"d"}}"#)
    let shown = ("display_data", #"{"transient":{"display_id":"d"}}"#)
    let result = ("execute_result", #"{"execution_count":2}"#)
    func faults(_ messages: [(String, String)], reply: String? = nil, session: (Int) -> String = { _ in "k" }) throws
      -> Int
    {
      let rules = ConversationRules()
      let parent = Self.parent(of: "execute_reply")
      rules.note(request: parent)
      return try (messages + (reply.map { [("execute_reply", $0)] } ?? [])).enumerated().reduce(0) { sum, item in
        let (type, content) = item.element
        let header = Self.header(
          type, ["msg_id": .string("k\(item.offset)"), "session": .string(session(item.offset))])
        return try sum
          + rules.faults(
            header: header, parent: parent, content: JSONValue(parsing: Array(content.utf8)),
            on: type == "execute_reply" ? .shell : .iopub
          ).count
      }
    }
    #expect(try faults([busy, input, stream, shown, update, error, idle], reply: #"{"execution_count":1}"#) == 0)
    #expect(try faults([input, busy, idle]) > 0)
    #expect(try faults([busy, idle, stream]) == 1)
    #expect(try faults([busy, idle, idle]) == 1)
    #expect(try faults([busy, input, busy, stream, idle]) == 0)
    #expect(try faults([busy, idle, busy]) == 1)
    #expect(try faults([busy, stream, input]) == 1)
    #expect(try faults([busy, update]) == 1)
    #expect(try faults([busy, error, error]) == 1)
    #expect(try faults([busy, input, result]) == 1)
    #expect(try faults([busy, error], reply: #"{"status":"error","ename":"b"}"#) == 1)
    #expect(try faults([busy, idle]) { $0 == 0 ? "k" : "l" } == 1)
    let rules = ConversationRules()
    let starting = JSONValue.object(["execution_state": .string("starting")])
    let times = (0..<2).map { _ in
      rules.faults(header: Self.header("status"), parent: .object([:]), content: starting, on: .iopub).count
    }
    // The second has the same identifier as well.
    #expect(times == [0, 2])
    rules.note(request: .object(["msg_id": .string("m2"), "msg_type": .string("a")]))
    let changed = JSONValue.object(["msg_id": .string("m2"), "msg_type": .string("b")])
    #expect(rules.faults(header: Self.header("s"), parent: changed, content: .null, on: .shell).count == 2)
  }
}
