import Files
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct ProgressTests {
  private typealias Message = FakeFrontEnd.Message

  /// What a notebook keeps: displays replaced in place by their updates.
  private func kept(_ published: [Message]) -> [(type: String, content: JSONValue)] {
    var outputs: [(type: String, content: JSONValue, display: String?)] = []
    for message in published {
      let display = message.content["transient"]?["display_id"]?.text
      switch message.type {
      case "update_display_data":
        for index in outputs.indices where outputs[index].display == display {
          outputs[index].content = message.content
        }
      case "display_data", "execute_result", "stream", "error": outputs.append((message.type, message.content, display))
      default: break
      }
    }
    return outputs.map { ($0.type, $0.content) }
  }

  @Test func workShorterThanHalfASecondShowsNothing() throws {
    let front = try FakeFrontEnd()
    #expect(try front.execute("progress 0.1").published.map(\.type) == ["status", "execute_input", "status"])
  }

  @Test func aLongWorksLineChangesAtMostTenTimesASecond() throws {
    let front = try FakeFrontEnd()
    let start = ContinuousClock.now
    let published = try front.execute("progress 1.5").published
    let most = Int((ContinuousClock.now - start) / .milliseconds(100))
    let shown = published.filter { $0.type.hasSuffix("display_data") && $0.content["data"] != .object([:]) }
    #expect((3...most).contains(shown.count), "\(shown.count)")
    let line = shown.last?.content["data"]?["text/plain"]?.text ?? ""
    #expect(line.wholeMatch(of: /working: \d+ of 300 steps, [\d.,]+ steps\/s, \d s left/) != nil, "\(line)")
    #expect(shown.last?.content["data"]?["text/html"]?.text?.contains("<progress value=") == true)
  }

  @Test func theResultTakesThePlaceOfTheLine() throws {
    let front = try FakeFrontEnd()
    let outputs = kept(try front.execute("display before\nprogress 0.8\ndisplay after").published)
    #expect(outputs.map(\.type) == ["display_data", "display_data"])
    #expect(outputs.last?.content["data"]?["text/plain"]?.text == "after")
  }

  @Test func nothingIsLeftOfTheLineWhateverFollows() throws {
    let front = try FakeFrontEnd()
    for ending in ["echo text", "result 42", "error bad", ""] {
      let outputs = kept(try front.execute("progress 0.7\n\(ending)").published)
      #expect(outputs.first?.content["data"] == .object([:]))
      #expect(outputs.count == (ending.isEmpty ? 1 : 2))
    }
    let interrupted = front.sendExecute("progress 30")
    while try front.receive(.iopub).type != "update_display_data" {}
    front.send("interrupt_request", on: .control)
    var messages: [Message] = []
    while messages.last?.type != "error" {
      let message = try front.receive(.iopub)
      if message.parent == interrupted { messages.append(message) }
    }
    #expect(messages.dropLast().last { $0.type == "update_display_data" }?.content["data"] == .object([:]))
  }

  @Test func aSummaryTakesThePlaceOfTheLineForGood() throws {
    let front = try FakeFrontEnd()
    for work in ["0.7", "0.1"] {
      let outputs = kept(try front.execute("progress \(work)\nsummary 140 steps\necho on").published)
      let texts = outputs.filter { $0.content["data"] != .object([:]) && $0.type == "display_data" }
      #expect(texts.map { $0.content["data"]?["text/plain"]?.text } == ["140 steps"])
    }
  }

  @Test func oneEarlyReportIsShownOnceHalfASecondHasPassed() throws {
    let front = try FakeFrontEnd(interpreter: SlowStarter())
    let published = try front.execute("go").published
    #expect(published.map(\.type).prefix(3) == ["status", "execute_input", "display_data"])
    #expect(published[2].content["data"]?["text/plain"]?.text == "reading: 0 of 10 slides")
  }

  @Test func theLineSaysWhatIsKnown() {
    let start = ContinuousClock.now
    var state = ProgressState(phase: "features", unit: "tiles", done: 200, total: 12_345, start: start)
    #expect(state.line(at: start) == "features: 200 of 12,345 tiles")
    state.done = 1200
    #expect(state.line(at: start + .seconds(10)) == "features: 1,200 of 12,345 tiles, 100 tiles/s, 1 min 52 s left")
    state.total = 0
    #expect(state.line(at: start + .seconds(1000)) == "features: 1,200 tiles, 1.0 tiles/s")
    let unsafe = ProgressState(phase: "<b>", unit: "&", done: 0, total: 1, start: start)
    let html = unsafe.bundle(at: start).representations.last?.value
    #expect(
      html
        == .text(
          #"<div><progress value="0" max="1" style="width: 16em; vertical-align: middle"></progress> &lt;b&gt;: 0 of 1 &amp;</div>"#
        ))
  }
}

/// Reports once and is then silent for a while.
private struct SlowStarter: Interpreter {
  var languageInfo: LanguageInfo {
    LanguageInfo(
      name: "slow", version: "1", mimetype: "text/plain", fileExtension: ".s", codemirrorMode: "none",
      pygmentsLexer: "text", banner: "", implementation: "slow", implementationVersion: "1")
  }
  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome {
    context.progress.report(phase: "reading", unit: "slides", done: 0, total: 10)
    WakeSignal().wait(milliseconds: 900)
    return .ok()
  }
  func complete(_ code: String, cursor: Int) -> Completions { Completions(matches: [], range: cursor..<cursor) }
  func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection? { nil }
  func isComplete(_ code: String) -> Completeness { .unknown }
  func willShutDown() {}
}
