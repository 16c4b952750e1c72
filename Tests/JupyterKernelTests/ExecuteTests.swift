import Files
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct ExecuteTests {
  @Test func aCellIsAnsweredInTheOrderOfTheSpecification() throws {
    let front = try FakeFrontEnd()
    let (reply, published) = try front.execute("echo hello\nresult 42\ndisplay x\nwarn w")
    #expect(
      published.map(\.type) == [
        "status", "execute_input", "stream", "execute_result", "display_data", "stream", "status",
      ])
    #expect(published.first?.state == "busy")
    #expect(published[1].content["code"]?.text == "echo hello\nresult 42\ndisplay x\nwarn w")
    #expect(published[1].content["execution_count"] == .integer(1))
    #expect(published[2].content == .object(["name": .string("stdout"), "text": .string("hello\n")]))
    #expect(published[3].content["data"]?["text/plain"]?.text == "42")
    #expect(published[5].content["name"]?.text == "stderr")
    #expect(reply.content["status"]?.text == "ok")
    #expect(reply.content["execution_count"] == .integer(1))
    #expect(reply.content["payload"] == .array([]))
    #expect(reply.content["user_expressions"] == .object([:]))
  }

  @Test func anErrorIsPublishedWithItsTraceback() throws {
    let front = try FakeFrontEnd()
    let (reply, published) = try front.execute("error bad")
    #expect(published.map(\.type) == ["status", "execute_input", "error", "status"])
    #expect(published[2].content["traceback"] == .array([.string("EchoError: bad")]))
    #expect(reply.content["status"]?.text == "error")
    #expect(reply.content["ename"]?.text == "EchoError")
    #expect(reply.content["evalue"]?.text == "bad")
  }

  @Test func aSilentCellShowsNothingAndIsNotCounted() throws {
    let front = try FakeFrontEnd()
    let (reply, published) = try front.execute("echo a\nresult b\ndisplay c", extra: #","silent":true"#)
    #expect(published.map(\.type) == ["status", "status"])
    #expect(reply.content["execution_count"] == .integer(0))
    #expect(try front.execute("echo b").reply.content["execution_count"] == .integer(1))
    let unstored = try front.execute("echo c", extra: #","store_history":false"#)
    #expect(unstored.reply.content["execution_count"] == .integer(1))
    front.send("history_request", #"{"hist_access_type":"tail","n":10,"raw":true,"output":false}"#)
    let history = try front.receive(.shell).content["history"]
    #expect(history == .array([.array([.integer(1), .integer(1), .string("echo b")])]))
  }

  @Test func userExpressionsAreEvaluatedEachForItself() throws {
    let front = try FakeFrontEnd()
    let (reply, _) = try front.execute("echo a", extra: #","user_expressions":{"x":"1+1","y":"","z":3}"#)
    let values = reply.content["user_expressions"]
    #expect(values?["x"]?["status"]?.text == "ok" && values?["x"]?["data"]?["text/plain"]?.text == "1+1")
    #expect(values?["y"]?["status"]?.text == "error" && values?["y"]?["ename"]?.text == "EchoError")
    #expect(values?["z"]?["ename"]?.text == "InvalidRequest")
  }

  @Test func aPageGoesIntoThePayload() throws {
    let front = try FakeFrontEnd()
    let (reply, published) = try front.execute("page the manual")
    #expect(published.count == 3)
    let expected = JSONValue.object([
      "source": .string("page"), "start": .integer(0), "data": .object(["text/plain": .string("the manual")]),
    ])
    #expect(reply.content["payload"] == .array([expected]))
  }

  @Test func manySmallWritesBecomeFewMessagesAndLoseNothing() throws {
    let front = try FakeFrontEnd()
    let clock = ContinuousClock()
    let start = clock.now
    let code = (0..<5000).map { "echo \($0)" }.joined(separator: "\n")
    let streams = try front.execute(code).published.filter { $0.type == "stream" }
    #expect(streams.compactMap { $0.content["text"]?.text }.joined() == (0..<5000).map { "\($0)\n" }.joined())
    // One message in 20 ms, and one where other output comes between.
    #expect(Double(streams.count) < (clock.now - start) / .milliseconds(20) + 10)
  }

  @Test func cellsQueuedBehindAFailedOneAreAborted() throws {
    let front = try FakeFrontEnd()
    let failed = front.sendExecute("sleep 0.2\nerror stop")
    let queued = (0..<5).map { front.sendExecute("echo \($0)") }
    let history = front.send("history_request", #"{"hist_access_type":"tail","n":1}"#)
    #expect(try front.receive(.shell).content["status"]?.text == "error")
    for identifier in queued {
      let reply = try front.receive(.shell)
      #expect(reply.parent == identifier && reply.content["status"]?.text == "aborted")
      #expect(reply.content["execution_count"] == nil)
    }
    #expect(try front.receive(.shell).parent == history)
    _ = try front.published(for: failed)
    for identifier in queued {
      #expect(try front.published(for: identifier).map(\.state) == ["busy", "idle"])
    }
    _ = try front.published(for: history)
    #expect(try front.execute("echo again").reply.content["status"]?.text == "ok")
  }

  @Test func cellsSentInOneGoWithACellThatFailsAtOnceAreAborted() throws {
    let front = try FakeFrontEnd()
    for _ in 0..<20 {
      let cells = ["error at once"] + (0..<5).map { "echo \($0)" }
      let messages = cells.map { front.frames("execute_request", front.executeContent($0)).frames }
      for message in messages { front.sockets[.shell]?.send(message) }
      #expect(try front.receive(.shell).content["status"]?.text == "error")
      for _ in 0..<5 { #expect(try front.receive(.shell).content["status"]?.text == "aborted") }
    }
  }

  @Test func aCellSentAfterTheReplyToAFailedOneRuns() throws {
    let front = try FakeFrontEnd()
    for _ in 0..<50 {
      #expect(try front.execute("error bad").reply.content["status"]?.text == "error")
      #expect(try front.execute("echo fine").reply.content["status"]?.text == "ok")
    }
  }

  @Test func withoutStopOnErrorTheQueueRuns() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("error go on", extra: #","stop_on_error":false"#)
    front.sendExecute("echo a")
    #expect(try front.receive(.shell).content["status"]?.text == "error")
    #expect(try front.receive(.shell).content["status"]?.text == "ok")
  }

  @Test func aResultWithAnIdentifierIsUpdatedByALaterCell() throws {
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { code, context in
        if code == "show" {
          context.executeResult(MIMEBundle(plain: "1"), metadata: [("kept", .bool(true))], displayID: "d")
        } else {
          context.updateDisplay("d", to: MIMEBundle(plain: code))
        }
      })
    let shown = try front.execute("show").published[2]
    #expect(shown.type == "execute_result" && shown.content["metadata"] == .object(["kept": .bool(true)]))
    #expect(shown.content["transient"]?["display_id"]?.text == "d")
    let updated = try front.execute("2").published[2]
    #expect(updated.type == "update_display_data" && updated.content["data"]?["text/plain"]?.text == "2")
    #expect(updated.content["transient"] == shown.content["transient"])
  }

  @Test func whatACellAsksOfTheFrontEndIsInItsReply() throws {
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { code, context in
        context.request(.nextInput(text: code, replacesCell: true))
        context.request(.edit(path: "/a", line: 3))
        context.request(.exit(keepsKernel: false))
      })
    let expected: [JSONValue] = [
      .object(["source": .string("set_next_input"), "text": .string("a"), "replace": .bool(true)]),
      .object(["source": .string("edit_magic"), "filename": .string("/a"), "line_number": .integer(3)]),
      .object(["source": .string("ask_exit"), "keepkernel": .bool(false)]),
    ]
    #expect(try front.execute("a").reply.content["payload"] == .array(expected))
  }
}
