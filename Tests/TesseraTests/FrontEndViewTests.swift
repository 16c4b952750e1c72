import CommandLanguage
import Files
import JupyterWire
import Synchronization
import Testing

@testable import JupyterKernel
@testable import tessera

/// A live view of the language as the front end meets it, without sockets.
@Suite struct FrontEndViewTests {
  private let session = KernelSession(kernelInfo: .emptyObject, log: { _ in })
  private let requests = RequestQueue()
  private let widgets: WidgetService
  private let comms: CommRegistry
  private let codec = MessageCodec(key: [])

  init() {
    comms = CommRegistry(publisher: session.publisher, log: { _ in })
    widgets = WidgetService(session: session, requests: requests, comms: comms, folder: nil, notebook: nil)
  }

  private func published() throws -> [(type: String, content: JSONValue, buffers: [[UInt8]])] {
    try session.publisher.takeAll().compactMap {
      guard case .message(let message) = $0 else { return nil }
      return (message.type, try JSONValue(parsing: message.content.bytes), message.buffers)
    }
  }

  private func hear(_ comm: String, _ content: String) throws {
    let header = #"{"msg_id":"m","msg_type":"comm_msg","session":"test"}"#
    let body = #"{"comm_id":"\#(comm)","data":{"method":"custom","content":\#(content)}}"#
    let message = try codec.decode([MessageCodec.delimiter, []] + [header, "{}", "{}", body].map { Array($0.utf8) })
    try widgets.receive(message, signal: WakeSignal())
  }

  /// Shows a view, and gives the identifier of its comm.
  private func show(_ view: EchoingView) throws -> String {
    let context = ExecutionContext(
      publisher: session.publisher, parent: .emptyObject, count: 1, attention: WakeSignal(), cellSignal: WakeSignal(),
      comms: comms, widgets: widgets)
    CellSink(context: context, hasPager: true).show(RichOutput(text: "still"), orLive: view)
    let messages = try published()
    #expect(messages.map(\.type) == ["display_data", "comm_open"])
    #expect(messages[0].content["data"]?["text/plain"]?.text == "still")
    return try #require(messages[1].content["comm_id"]?.text)
  }

  @Test func aViewIsAPictureUntilThePageIsReadyAndThenItsPageIsServed() throws {
    let comm = try show(EchoingView())
    try hear(comm, #"{"widget":"ready"}"#)
    let answer = try published()
    let update = try #require(answer.first { $0.type == "update_display_data" })
    #expect(update.content["data"]?["application/vnd.jupyter.widget-view+json"]?["model_id"]?.text == comm)
    #expect(update.content["data"]?["text/plain"]?.text == "still")
    try hear(comm, #"{"widget":"need"}"#)
    #expect(try published().last?.buffers == [Array("export".utf8), Array(".a{}".utf8)])
  }

  @Test func aQuestionReachesTheViewAndItsAnswerThePage() throws {
    let view = EchoingView()
    let comm = try show(view)
    try hear(comm, #"{"ask":7,"do":"echo","text":"é"}"#)
    let answer = try #require(try published().first)
    let content = answer.content["data"]?["content"]
    #expect(content?["answer"] == .integer(7) && content?["asked"]?["text"]?.text == "é" && answer.buffers == [[1, 2]])
    try hear(comm, #"{"ask":8,"do":"fail"}"#)
    #expect(try published().first?.content["data"]?["content"]?["error"]?.text == "Not that.")
  }

  @Test func whatIsDoneBetweenStatementsIsLeftToTheThreadOfTheCells() throws {
    let comm = try show(EchoingView())
    try hear(comm, #"{"ask":9,"do":"between"}"#)
    #expect(try published().map { $0.content["data"]?["content"]?["later"] } == [.bool(true)])
    guard case .work(let work) = requests.next() else {
      Issue.record("nothing was left to do")
      return
    }
    work(
      ExecutionContext(
        publisher: session.publisher, parent: .emptyObject, count: 1, attention: WakeSignal(),
        cellSignal: WakeSignal(), comms: comms, widgets: widgets))
    #expect(try published().contains { $0.content["data"]?["content"]?["answer"] == .integer(9) })
  }
}

/// Says what it was asked.
private final class EchoingView: LiveView {
  let title = "echo"
  let page = LivePage(javascript: Array("export".utf8), styleSheet: Array(".a{}".utf8))

  func hear(_ question: any ViewQuestion) {
    if question.json.contains("fail") { return question.fail("Not that.") }
    if question.json.contains("between") {
      return question.betweenStatements { _, _ in question.answer(ViewMessage([])) }
    }
    question.answer(ViewMessage([(name: "asked", json: question.json)], buffers: [[1, 2]]))
  }

  func pageClosed() {}
}
