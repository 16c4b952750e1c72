import CommandLanguage
import Files
import Foundation
import JupyterWire
import Synchronization
import Testing

@testable import JupyterKernel
@testable import tessera

/// The language's displays and channels on the kernel's, without sockets.
@Suite struct FrontEndCommTests {
  private let publisher = Publisher()
  private let comms: CommRegistry
  private let codec = MessageCodec(key: [])

  init() { comms = CommRegistry(publisher: publisher, log: { _ in }) }

  private func makeContext() -> ExecutionContext {
    ExecutionContext(
      publisher: publisher, parent: .emptyObject, count: 1, attention: WakeSignal(), cellSignal: WakeSignal(),
      comms: comms,
      widgets: WidgetService(
        session: KernelSession(kernelInfo: .emptyObject, log: { _ in }), requests: RequestQueue(), folder: nil,
        notebook: nil))
  }

  private func published() throws -> [(type: String, content: JSONValue, buffers: [[UInt8]])] {
    try publisher.takeAll().compactMap {
      guard case .message(let message) = $0 else { return nil }
      return (message.type, try JSONValue(parsing: message.content.bytes), message.buffers)
    }
  }

  private func received(_ type: String, _ content: String, buffers: [[UInt8]] = []) throws -> ReceivedMessage {
    let header = #"{"msg_id":"m","msg_type":"\#(type)","session":"test"}"#
    return try codec.decode(
      [MessageCodec.delimiter, []] + [header, "{}", "{}", content].map { Array($0.utf8) } + buffers)
  }

  @Test func aDisplayIsReplacedByItsHandleAlsoFromALaterCell() throws {
    let display = CellSink(context: makeContext(), hasPager: true).showUpdatable(RichOutput(text: "half"))
    CellSink(context: makeContext(), hasPager: true).update(display, to: RichOutput(text: "whole"))
    let messages = try published()
    #expect(messages.map(\.type) == ["display_data", "update_display_data"])
    #expect(messages.map { $0.content["transient"]?["display_id"]?.text } == [display.name, display.name])
    #expect(messages.map { $0.content["data"]?["text/plain"]?.text } == ["half", "whole"])
  }

  @Test func aChannelIsACommWithBinaryDataBothWays() throws {
    let listener = Listener()
    let channel = try CellSink(context: makeContext(), hasPager: true)
      .openChannel(to: "view", FrontEndMessage(json: #"{"n":1}"#, buffers: [[1, 2]]), listener: listener)
    let opening = try #require(try published().first)
    #expect(opening.type == "comm_open" && opening.buffers == [[1, 2]])
    #expect(opening.content["target_name"]?.text == "view" && opening.content["data"] == .object(["n": .integer(1)]))
    let identifier = try #require(opening.content["comm_id"]?.text)

    let said = try received(
      "comm_msg", #"{"comm_id":"\#(identifier)","data":{"chosen":"é"}}"#, buffers: [[7, 8, 9]])
    try comms.receiveMessage(said, makeContext())
    #expect(listener.heard == [FrontEndMessage(json: #"{"chosen":"é"}"#, buffers: [[7, 8, 9]])])
    let answer = try published()
    #expect(answer.map(\.type) == ["comm_msg", "display_data"])
    #expect(answer[0].content["data"] == .array([]) && answer[0].buffers == [[9, 8, 7]])

    try channel.send(FrontEndMessage(json: "[2]"))
    channel.close()
    try channel.send(FrontEndMessage(json: "[3]"))
    #expect(try published().map(\.type) == ["comm_msg", "comm_close"])
  }

  @Test func theListenerLearnsThatTheFrontEndHasClosedTheChannel() throws {
    let listener = Listener()
    _ = try CellSink(context: makeContext(), hasPager: true)
      .openChannel(to: "view", FrontEndMessage(), listener: listener)
    let identifier = try #require(try published().first?.content["comm_id"]?.text)
    try comms.receiveClose(try received("comm_close", #"{"comm_id":"\#(identifier)","data":{}}"#), makeContext())
    #expect(listener.isClosed)
  }

  @Test(arguments: ["", "{", "{} {}", "NaN"])
  func whatIsNoJSONDoesNotReachTheFrontEnd(text: String) throws {
    let sink = CellSink(context: makeContext(), hasPager: true)
    #expect(throws: FrontEndFault.self) {
      _ = try sink.openChannel(to: "view", FrontEndMessage(json: text), listener: Listener())
    }
    #expect(try published().isEmpty)
  }

  @Test func aCommandFileHasNoFrontEndAndSaysSo() throws {
    let sink = try FileSink(folder: nil, terminal: Terminal())
    #expect(throws: FrontEndFault.absent) {
      _ = try sink.openChannel(to: "view", FrontEndMessage(), listener: Listener())
    }
    #expect(FrontEndFault.absent.description.contains("no front end"))
  }

  @Test func aCommandFilesDisplayKeepsItsNumberAndItsLastState() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "displays-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sink = try FileSink(folder: folder, terminal: Terminal())
    let display = sink.showUpdatable(RichOutput(text: "half"))
    sink.show(RichOutput(text: "another"))
    sink.update(display, to: RichOutput(text: "whole", html: "<b>whole</b>"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["001.html", "002.txt"])
    #expect(try String(contentsOfFile: folder + "/001.html", encoding: .utf8) == "<b>whole</b>")
  }
}

/// Answers each message with its buffers reversed, and shows a line.
private final class Listener: FrontEndListener {
  private let state = Mutex((messages: [FrontEndMessage](), isClosed: false))
  var heard: [FrontEndMessage] { state.withLock { $0.messages } }
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func received(
    _ message: FrontEndMessage, on channel: any FrontEndChannel, output: any OutputSink, monitor: any ProgressMonitor
  ) {
    state.withLock { $0.messages.append(message) }
    try? channel.send(FrontEndMessage(json: "[]", buffers: message.buffers.map { $0.reversed() }))
    output.showPage(RichOutput(text: "heard"))
  }

  func closed(output: any OutputSink) { state.withLock { $0.isClosed = true } }
}
