import CommandLanguage
import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel
@testable import tessera

/// The language's displays on the kernel's, without sockets.
@Suite struct DisplayTests {
  private let publisher = Publisher()
  private let comms: CommRegistry

  init() { comms = CommRegistry(publisher: publisher, log: { _ in }) }

  private func makeContext() -> ExecutionContext {
    ExecutionContext(
      publisher: publisher, parent: .emptyObject, count: 1, attention: WakeSignal(), cellSignal: WakeSignal(),
      comms: comms,
      widgets: WidgetService(
        session: KernelSession(kernelInfo: .emptyObject, log: { _ in }), requests: RequestQueue(), comms: comms,
        folder: nil,
        notebook: nil))
  }

  private func published() throws -> [(type: String, content: JSONValue, buffers: [[UInt8]])] {
    try publisher.takeAll().compactMap {
      guard case .message(let message) = $0 else { return nil }
      return (message.type, try JSONValue(parsing: message.content.bytes), message.buffers)
    }
  }

  @Test func aDisplayIsReplacedByItsHandleAlsoFromALaterCell() throws {
    let display = CellSink(context: makeContext(), hasPager: true).showUpdatable(RichOutput(text: "half"))
    CellSink(context: makeContext(), hasPager: true).update(display, to: RichOutput(text: "whole"))
    let messages = try published()
    #expect(messages.map(\.type) == ["display_data", "update_display_data"])
    #expect(messages.map { $0.content["transient"]?["display_id"]?.text } == [display.name, display.name])
    #expect(messages.map { $0.content["data"]?["text/plain"]?.text } == ["half", "whole"])
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
