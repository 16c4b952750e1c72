import Files
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct InputTests {
  @Test func theUserIsAskedOnStdinAndTheCellGoesOnWithTheAnswer() throws {
    let front = try FakeFrontEnd()
    // An answer that nobody asked for is not kept for the question.
    front.send("input_reply", #"{"value":"too early"}"#, on: .stdin)
    #expect(front.log.contains("nothing was asked"))
    let cell = front.sendExecute("ask name? \necho done", extra: #","allow_stdin":true"#)
    let question = try front.receive(.stdin)
    #expect(question.type == "input_request" && question.parent == cell)
    #expect(question.content == .object(["prompt": .string("name? "), "password": .bool(false)]))
    front.send("input_reply", #"{"value":7}"#, on: .stdin)
    front.send("input_reply", #"{"value":"Ada","status":"ok"}"#, on: .stdin)
    #expect(try front.receive(.shell).content["status"]?.text == "ok")
    let text = try front.published(for: cell).compactMap { $0.content["text"]?.text }.joined()
    #expect(text == "Ada\ndone\n")
  }

  @Test func aFrontEndThatAnswersNoneIsNotAsked() throws {
    let front = try FakeFrontEnd()
    for extra in ["", #","allow_stdin":false"#] {
      let reply = try front.execute("ask name?", extra: extra).reply
      #expect(
        reply.content["ename"]?.text == "InputFault"
          && reply.content["evalue"]?.text == "the front end answers no questions")
    }
  }

  @Test func aQuestionCanBeInterrupted() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("ask name?", extra: #","allow_stdin":true"#)
    _ = try front.receive(.stdin)
    front.send("interrupt_request", on: .control)
    #expect(try front.receive(.shell).content["ename"]?.text == "KeyboardInterrupt")
  }

  @Test func aShutdownEndsAQuestion() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("ask name?", extra: #","allow_stdin":true"#)
    _ = try front.receive(.stdin)
    front.send("shutdown_request", on: .control)
    #expect(front.status(seconds: 2) == .success(0))
  }
}
