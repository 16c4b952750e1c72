import Files
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct RequestTests {
  @Test func kernelInfoIsTheSameOnShellAndControl() throws {
    let front = try FakeFrontEnd()
    let onShell = front.send("kernel_info_request")
    let shell = try front.receive(.shell)
    #expect(shell.type == "kernel_info_reply")
    #expect(shell.content["protocol_version"]?.text == "5.5")
    #expect(shell.content["language_info"]?["name"]?.text == "echo")
    #expect(try front.published(for: onShell).map(\.state) == ["busy", "idle"])
    let onControl = front.send("kernel_info_request", on: .control)
    #expect(try front.receive(.control).content == shell.content)
    #expect(try front.published(for: onControl).map(\.state) == ["busy", "idle"])
  }

  @Test func completionCountsUnicodeScalars() throws {
    let front = try FakeFrontEnd()
    front.send("complete_request", #"{"code":"😀é pro","cursor_pos":6}"#)
    let content = try front.receive(.shell).content
    #expect(content["matches"] == .array([.string("progress")]))
    #expect(content["cursor_start"] == .integer(3))
    #expect(content["cursor_end"] == .integer(6))
  }

  @Test func inspectionSaysWhetherAnythingWasFound() throws {
    let front = try FakeFrontEnd()
    front.send("inspect_request", #"{"code":"echo","cursor_pos":4,"detail_level":0}"#)
    let found = try front.receive(.shell).content
    #expect(found["found"] == .bool(true) && found["data"]?["text/markdown"] != nil)
    front.send("inspect_request", #"{"code":"nothing","cursor_pos":4,"detail_level":0}"#)
    #expect(try front.receive(.shell).content["found"] == .bool(false))
  }

  @Test func historyGivesTailRangeAndSearch() throws {
    let front = try FakeFrontEnd()
    for code in ["result 1", "echo x", "result 1", "result 2"] { _ = try front.execute(code) }
    func history(_ content: String) throws -> JSONValue? {
      front.send("history_request", content)
      return try front.receive(.shell).content["history"]
    }
    func entry(_ line: Int, _ input: String) -> JSONValue { .array([.integer(1), .integer(line), .string(input)]) }
    #expect(try history(#"{"hist_access_type":"tail","n":1}"#) == .array([entry(4, "result 2")]))
    #expect(
      try history(#"{"hist_access_type":"range","session":0,"start":2,"stop":4}"#)
        == .array([entry(2, "echo x"), entry(3, "result 1")]))
    #expect(
      try history(#"{"hist_access_type":"search","pattern":"res*","unique":true}"#)
        == .array([entry(3, "result 1"), entry(4, "result 2")]))
    #expect(
      try history(#"{"hist_access_type":"search","pattern":"*x","output":true,"n":3}"#)
        == .array([.array([.integer(1), .integer(2), .array([.string("echo x"), .null])])]))
  }

  @Test func aCommForAnUnknownTargetIsClosedAtOnce() throws {
    let front = try FakeFrontEnd()
    let opened = front.send("comm_open", #"{"comm_id":"c1","target_name":"jupyter.widget","data":{}}"#)
    let published = try front.published(for: opened)
    #expect(published.map(\.type) == ["status", "comm_close", "status"])
    #expect(published[1].content["comm_id"]?.text == "c1")
    let message = front.send("comm_msg", #"{"comm_id":"c1","data":{}}"#)
    #expect(try front.published(for: message).count == 2)
    front.send("comm_info_request")
    #expect(try front.receive(.shell).content["comms"] == .object([:]))
  }

  @Test(arguments: [
    ("execute_request", #"{"code":7}"#), ("execute_request", "{}"),
    ("complete_request", #"{"code":"a","cursor_pos":"b"}"#),
    ("inspect_request", #"{"code":null}"#), ("is_complete_request", "{}"),
    ("history_request", #"{"hist_access_type":"all"}"#),
  ])
  func contentOfTheWrongTypeGetsAnErrorReplyAndAnIdle(_ type: String, _ content: String) throws {
    let front = try FakeFrontEnd()
    let identifier = front.send(type, content)
    let reply = try front.receive(.shell)
    #expect(reply.content["status"]?.text == "error")
    #expect(try front.published(for: identifier).map(\.state) == ["busy", "idle"])
  }

  @Test func unknownMessagesAndSubshellsAreIgnoredAndLogged() throws {
    let front = try FakeFrontEnd()
    front.send("frobnicate_request")
    front.send("create_subshell_request", on: .control)
    #expect(try front.execute("echo on").reply.content["status"]?.text == "ok")
    #expect(front.log.contains("frobnicate_request"))
    #expect(front.log.contains("create_subshell_request"))
  }

  @Test func heartbeatsComeBackAsTheyWent() throws {
    let front = try FakeFrontEnd()
    let socket = try #require(front.sockets[.heartbeat])
    for beat: [[UInt8]] in [[[1, 2, 3]], [[], [4]], [[UInt8](repeating: 7, count: 100_000)]] {
      socket.send(beat)
      var answer: [[UInt8]]?
      for _ in 0..<1000 where answer == nil {
        front.pause(milliseconds: 2)
        answer = socket.receive()
      }
      #expect(answer == beat)
    }
  }

  @Test func tcpWorksLikeIPC() throws {
    let ports = FakeFrontEnd.tcpPorts()
    let front = try FakeFrontEnd(endpoints: #""transport":"tcp","ip":"127.0.0.1",\#(ports)"#)
    #expect(try front.execute("echo a").reply.content["status"]?.text == "ok")
    front.kernel.shutDown()
    #expect(front.status() == .success(0))
  }
}
