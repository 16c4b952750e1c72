import EchoInterpreter
import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel

/// Live views: from the picture to the view and back, and whatever a page may say.
@Suite(.serialized) struct WidgetTests {
  // MARK: From the picture to the view

  @Test func aViewIsAPictureUntilAPageSaysThatItCanShowIt() throws {
    let front = try FakeFrontEnd()
    let shown = try front.execute("widget cells").published
    #expect(shown.map(\.type) == ["status", "execute_input", "display_data", "comm_open", "status"])
    let display = try #require(shown[2].content["transient"]?["display_id"]?.text)
    #expect(shown[2].content["data"]?.members?.keys.sorted() == ["image/png", "text/plain"])
    let opening = shown[3]
    #expect(opening.content["target_name"]?.text == "jupyter.widget")
    #expect(opening.metadata == .object(["version": .string("2.1.0")]))
    let state = try #require(opening.content["data"]?["state"]?.members)
    #expect(state["_model_module"]?.text == "anywidget" && state["_model_module_version"]?.text == "*")
    #expect(state["title"]?.text == "cells" && state["_esm"]?.text == WidgetLoader.script)
    let view = try #require(opening.content["comm_id"]?.text)

    let ready = try front.tell(view, #"{"widget":"ready"}"#)
    #expect(ready.map(\.type) == ["status", "comm_msg", "update_display_data", "status"])
    #expect(ready[1].said == .object(["widget": .string("source"), "digest": .string(EchoWidget.source.digest)]))
    #expect(ready[1].buffers.isEmpty)
    #expect(ready[2].content["transient"]?["display_id"]?.text == display)
    let bundle = ready[2].content["data"]
    #expect(
      bundle?["application/vnd.jupyter.widget-view+json"]
        == .object(["version_major": .integer(2), "version_minor": .integer(1), "model_id": .string(view)]))
    #expect(bundle?["image/png"] == shown[2].content["data"]?["image/png"])
    #expect(ready[2].content["metadata"] == shown[2].content["metadata"])

    // A page that is loaded anew is ready again, and its display is what it was.
    #expect(try front.tell(view, #"{"widget":"ready"}"#).map(\.type) == ["status", "comm_msg", "status"])
  }

  @Test func thePageGetsTheScriptOnlyWhenItNeedsIt() throws {
    let front = try FakeFrontEnd()
    let view = try front.openView()
    let needed = try front.tell(view, #"{"widget":"need"}"#)
    #expect(needed.map(\.type) == ["status", "comm_msg", "status"])
    #expect(needed[1].said?["digest"]?.text == EchoWidget.source.digest)
    #expect(needed[1].buffers == [EchoWidget.source.javascript, EchoWidget.source.styleSheet])
    // It is part of what a notebook may keep of every view.
    #expect(WidgetLoader.script.utf8.count < 6000)
    #expect(WidgetSource(javascript: [1], styleSheet: [2]).digest != WidgetSource(javascript: [1, 2]).digest)

  }

  // MARK: Questions

  @Test func everyQuestionIsAnsweredUnderItsNumberAlsoOneThatTheHandlerForgets() throws {
    let front = try FakeFrontEnd()
    let view = try front.openView()
    for count in 1...2 {
      let answer = try front.tell(view, #"{"do":"count","ask":\#(count + 40)}"#)[1]
      #expect(answer.said == .object(["answer": .integer(count + 40), "count": .integer(count)]))
    }
    let hover = try front.tell(view, #"{"do":"hover","over":[1.5,null],"ask":7}"#, buffers: [[1, 2, 3], []])[1]
    #expect(hover.said?["over"] == .array([.number(1.5), .null]) && hover.buffers == [[1, 2, 3], []])
    #expect(try front.tell(view, #"{"do":"forget","ask":8}"#)[1].said?["error"]?.text?.isEmpty == false)
    #expect(try front.tell(view, #"{"do":"nothing","ask":9}"#)[1].said?["answer"] == .integer(9))
    let echo = try front.tell(view, #"{"tell":"it"}"#, buffers: [[9]])[1]
    #expect(echo.said?["say"]?.text == "echo" && echo.said?["told"]?["tell"]?.text == "it" && echo.buffers == [[9]])
    let printed = try front.tell(view, #"{"do":"print","ask":10}"#)
    #expect(printed.map(\.type).contains("stream"))
  }

  @Test func aQuestionIsAnsweredWhileACellRuns() throws {
    let front = try FakeFrontEnd()
    let view = try front.openView()
    let cell = front.sendExecute("sleep 2")
    while try front.receive(.iopub).type != "execute_input" {}
    var times: [Duration] = []
    for number in 0..<20 {
      let start = ContinuousClock.now
      let question = front.sendToView(view, #"{"do":"hover","over":\#(number),"ask":\#(number)}"#)
      var answer = try front.receive(.iopub)
      while answer.type != "comm_msg" { answer = try front.receive(.iopub) }
      times.append(.now - start)
      #expect(answer.parent == question && answer.said?["over"] == .integer(number))
    }
    #expect(times.sorted()[10] < .milliseconds(50))
    front.send("interrupt_request", on: .control)
    #expect(try front.receive(.shell).parent == cell)
  }

  @Test func whatChangesTheSessionWaitsForTheCellThatRunsAndComesBeforeTheNext() throws {
    let front = try FakeFrontEnd()
    let view = try front.openView()
    let running = front.sendExecute("sleep 0.3")
    let next = front.sendExecute("sleep 0.1")
    while try front.receive(.iopub).type != "execute_input" {}
    let keep = front.sendToView(view, #"{"do":"keep","ask":5}"#)
    var heard: [FakeFrontEnd.Message] = []
    repeat { heard.append(try front.receive(.iopub)) } while heard.last?.parent != next || heard.last?.state != "idle"
    let answers = heard.filter { $0.type == "comm_msg" }
    #expect(
      answers.map(\.said) == [
        .object(["answer": .integer(5), "later": .bool(true)]), .object(["say": .string("waiting")]),
        .object(["answer": .integer(5), "cell": .integer(2)]),
      ])
    #expect(answers.allSatisfy { $0.parent == keep })
    let kept = try #require(heard.firstIndex { $0.said?["cell"] != nil })
    let end = try #require(heard.firstIndex { $0.parent == running && $0.state == "idle" })
    let start = try #require(heard.firstIndex { $0.parent == next && $0.state == "busy" })
    #expect(end < kept && kept < start)
    #expect(heard[end..<start].contains { $0.type == "stream" && $0.content["text"]?.text == "kept" })
  }

  // MARK: Pages that are loaded anew, and kernels that are

  @Test func aPageThatAsksIsToldOfTheViewsThatAreOpen() throws {
    let front = try FakeFrontEnd()
    let views = [try front.openView(), try front.openView()]
    for method in ["request_states", "request_state"] {
      let states = try front.states(by: method)
      #expect(states.keys.sorted() == views.sorted())
      #expect(states[views[0]]?["model_name"]?.text == "AnyModel")
      #expect(states[views[0]]?["state"]?["_esm"]?.text == WidgetLoader.script)
    }
    let data = #"{"comm_id":"\#(views[1])","data":{"method":"request_state"}}"#
    let update = try front.published(for: front.send("comm_msg", data))
    #expect(update[1].content["data"]?["method"]?.text == "update")
    #expect(update[1].content["data"]?["state"]?["title"]?.text == "cells")
    front.send("comm_info_request", #"{"target_name":"jupyter.widget"}"#)
    #expect(try front.receive(.shell).content["comms"]?.members?.keys.sorted() == views.sorted())
  }

  @Test func aReopenedNotebookGetsThePictureOfAViewWhoseKernelIsGone() throws {
    let folder = "/tmp/keepsakes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var view = ""
    do {
      let front = try FakeFrontEnd(keepsakes: .folder(path: folder))
      view = try front.openView()
      #expect(!FileManager.default.fileExists(atPath: folder))
      _ = try front.tell(view, #"{"widget":"ready"}"#)
    }
    let front = try FakeFrontEnd(keepsakes: .folder(path: folder))
    // Nobody has asked yet, so nothing is known.
    #expect(try front.tell(view, #"{"widget":"ready"}"#).map(\.type) == ["status", "status"])
    #expect(try front.states()[view]?["state"]?["title"]?.text == "cells")
    let ready = try front.tell(view, #"{"widget":"ready"}"#)
    #expect(ready.map(\.type) == ["status", "comm_msg", "status"])
    #expect(ready[1].said == .object(["widget": .string("keepsake"), "text": .string("cells, a picture")]))
    let picture = try front.tell(view, #"{"widget":"picture"}"#)[1]
    #expect(picture.said?["widget"]?.text == "picture" && picture.buffers[0].starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try front.tell(view, #"{"do":"count","ask":1}"#).map(\.type) == ["status", "status"])
  }

  @Test func keepsakesAreOfOneNotebookAndTheOldestAreRemoved() throws {
    let folder = "/tmp/keepsakes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let keepsakes = KeepsakeFolder(path: folder, capacity: 60)
    let names = (0..<65).map { _ in randomIdentifier() }
    for (index, name) in names.enumerated() {
      let keepsake = Keepsake(identifier: name, notebook: index % 2 == 0 ? "/n/a.ipynb" : nil, title: "t", text: "x")
      try keepsakes.keep(keepsake, picture: [1])
      // What is written next is newer.
      for ending in ["json", "png"] {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(index))],
          ofItemAtPath: "\(folder)/\(name).\(ending)")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2 * 60)
    #expect(keepsakes.keepsakes(of: "/n/a.ipynb").count == 30)
    #expect(keepsakes.keepsakes(of: "/n/b.ipynb").isEmpty)
    #expect(keepsakes.keepsakes(of: nil).count == KeepsakeFolder.namelessCapacity)
    #expect(keepsakes.keepsakes(of: nil).first?.identifier == names.last)
    #expect(keepsakes.picture(of: names[64]) == [1] && keepsakes.picture(of: names[0]) == nil)
    #expect(keepsakes.picture(of: "../../etc/passwd") == nil)
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(names[64]).json"))
    #expect(keepsakes.keepsakes(of: nil).first?.identifier == names[63])
  }

  @Test func aFolderThatCannotBeUsedHurtsNobody() throws {
    let front = try FakeFrontEnd(keepsakes: .folder(path: "/dev/null/views"))
    let view = try front.openView()
    #expect(try front.tell(view, #"{"widget":"ready"}"#).count == 4)
    #expect(front.log.contains("a view is not kept for later"))
    #expect(try front.states().keys.sorted() == [view])
  }

  // MARK: The end of a view

  @Test func aCellThatIsRunAgainClosesTheViewsOfItsEarlierRun() throws {
    let front = try FakeFrontEnd()
    func run(_ code: String, cell: String) throws -> [FakeFrontEnd.Message] {
      let (request, frames) = front.frames(
        "execute_request", front.executeContent(code), metadata: #"{"cellId":"\#(cell)"}"#)
      front.sockets[.shell]?.send(frames)
      _ = try front.receive(.shell)
      return try front.published(for: request)
    }
    let first = try #require(try run("widget a\nwidget b", cell: "one").view)
    let other = try #require(try run("widget c", cell: "two").view)
    let again = try run("widget a", cell: "one")
    let closed = again.filter { $0.type == "comm_close" }.compactMap { $0.content["comm_id"]?.text }
    #expect(closed.count == 2 && closed.contains(first))
    #expect(try front.states().keys.sorted() == [try #require(again.view), other].sorted())
    #expect(try run("echo", cell: "one").contains { $0.type == "comm_close" })
  }

  @Test func aPageLetsGoOfAViewAndTheKernelCanTakeItBack() throws {
    let front = try FakeFrontEnd()
    let views = [try front.openView(), try front.openView()]
    let closing = front.send("comm_close", #"{"comm_id":"\#(views[0])","data":{}}"#)
    #expect(try front.published(for: closing).map(\.type) == ["status", "status"])
    #expect(try front.tell(views[1], #"{"do":"close","ask":1}"#).map(\.type) == ["status", "comm_close", "status"])
    #expect(try front.states().isEmpty)
  }

  @Test func ofTooManyViewsTheOldestBecomePicturesAgain() throws {
    let front = try FakeFrontEnd()
    let first = try front.openView()
    _ = try front.tell(first, #"{"widget":"ready"}"#)
    let silent = try front.openView()
    front.sendExecute(String(repeating: "widget w\n", count: WidgetService.openLimit))
    _ = try front.receive(.shell)
    // Two threads tell of the end.
    var ends: [FakeFrontEnd.Message] = []
    while ends.count < 3 {
      let message = try front.receive(.iopub)
      if message.state == "idle" || message.type == "comm_close" || message.said != nil { ends.append(message) }
    }
    #expect(ends.first { $0.type == "comm_close" }?.content["comm_id"]?.text == silent)
    #expect(ends.first { $0.said != nil }?.said?["text"]?.text == "cells, a picture")
    let asked = front.send("comm_info_request")
    let open = try front.receive(.shell).content["comms"]?.members?.keys
    _ = try front.published(for: asked)
    #expect(open?.count == WidgetService.openLimit && open?.contains(first) == false)
    #expect(try front.tell(first, #"{"widget":"ready"}"#)[1].said?["text"]?.text == "cells, a picture")
  }

  // MARK: Hostile pages

  @Test func aFloodIsDroppedWithOneLineAndTheKernelAnswersOn() throws {
    let front = try FakeFrontEnd()
    let view = try front.openView()
    for number in 0..<5000 { _ = front.sendToView(view, #"{"do":"hover","over":1,"ask":\#(number)}"#) }
    let start = ContinuousClock.now
    front.sendExecute("echo a")
    #expect(try front.receive(.shell).content["status"]?.text == "ok")
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(front.log.contains("messages of views are dropped"))
    #expect(front.log.all.count { $0.contains("dropped") } < 5)
  }

  @Test func aCommThatIsAboutToOpenIsForTheCellsAndOneThatIsNotThereForNobody() throws {
    let front = try FakeFrontEnd()
    let cell = front.sendExecute("sleep 0.2")
    let opened = front.send("comm_open", #"{"comm_id":"c","target_name":"echo","data":{}}"#)
    let said = front.send("comm_msg", #"{"comm_id":"c","data":{"text":"after the cell"}}"#)
    let unknown = front.send("comm_msg", #"{"comm_id":"d","data":{}}"#)
    var ends: [String] = []
    while ends.count < 4 {
      let message = try front.receive(.iopub)
      if message.state == "idle" { ends.append(message.parent) }
    }
    #expect(ends == [unknown, cell, opened, said])
  }

  @Test func oneMessageTooLargeIsDropped() throws {
    let queue = WidgetQueue(log: { _ in })
    let front = try FakeFrontEnd()
    let codec = MessageCodec(key: [])
    let (_, frames) = front.frames("comm_msg", #"{"comm_id":"a"}"#)
    let message = try codec.decode(frames + [[UInt8](repeating: 0, count: WidgetQueue.byteLimit + 1)])
    queue.post(message, byteCount: WidgetQueue.byteLimit + 1000)
    queue.post {}
    guard case .work? = queue.next() else {
      Issue.record("the message was kept")
      return
    }
    queue.stop()
    #expect(queue.next() == nil)
  }

  @Test func whateverAPageSaysTheViewAnswersTheNextQuestion() throws {
    let front = try InMemoryPage()
    let texts = [
      #"{"method":"custom","content":{"widget":"ready"}}"#, #"{"method":"custom","content":{"widget":"need"}}"#,
      #"{"method":"custom","content":{"do":"hover","over":1,"ask":3}}"#, #"{"method":"request_state"}"#,
      #"{"method":"custom","content":{"do":"echo","deep":[1,[2,{"a":null}]]}}"#, #"{"method":"request_states"}"#,
      #"{"method":"update","state":{"_esm":"alert(1)","title":"t"},"buffer_paths":[["a",0]]}"#,
    ]
    let odd = [
      "null", "[]", "{}", "-1", "1e400", "\"\"", "true", "9223372036854775807", "\"\\u0000\"", "[[[[[[]]]]]]",
      #"{"widget":7}"#, #"{"ask":"x"}"#,
    ]
    var generator = Mutations(state: 7)
    for _ in 0..<20_000 {
      var text = texts[generator.below(texts.count)]
      switch generator.below(3) {
      case 0:
        var bytes = Array(text.utf8)
        bytes[generator.below(bytes.count)] = UInt8(32 + generator.below(95))
        text = String(decoding: bytes, as: UTF8.self)
      case 1:
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        text = (parts.prefix(1 + generator.below(parts.count)) + [odd[generator.below(odd.count)] + "}"])
          .joined(separator: ":")
      default: text = odd[generator.below(odd.count)]
      }
      let type = ["comm_msg", "comm_msg", "comm_msg", "comm_open"][generator.below(4)]
      let identifier = [front.view, "control", "c", "../../x"][generator.below(4)]
      front.receive(type, #"{"comm_id":"\#(identifier)","target_name":"jupyter.widget.control","data":\#(text)}"#)
    }
    front.receive("comm_msg", #"{"comm_id":"\#(front.view)","data":{"method":"request_state"}}"#)
    let state = try #require(front.published.last?["data"]?["state"])
    #expect(state["_esm"]?.text == WidgetLoader.script && state["title"]?.text == "cells")
  }
}

/// Numbers that look random and are always the same.
private struct Mutations {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}

/// A view and its page without sockets and threads.
private final class InMemoryPage {
  let session = KernelSession(kernelInfo: .emptyObject, log: { _ in })
  let widgets: WidgetService
  let comms: CommRegistry
  let view: String
  private let codec = MessageCodec(key: [])
  private let signal = WakeSignal()
  private(set) var published: [JSONValue] = []

  init() throws {
    comms = CommRegistry(publisher: session.publisher, log: { _ in })
    widgets = WidgetService(session: session, requests: RequestQueue(), comms: comms, folder: nil, notebook: nil)
    let context = ExecutionContext(
      publisher: session.publisher, parent: .emptyObject, count: 1, attention: session.attention,
      cellSignal: session.cellSignal, comms: comms, widgets: widgets)
    view =
      widgets.show(
        EchoWidget.source, title: "cells", fallback: MIMEBundle(plain: "a"), handler: EchoWidget(), in: context
      ).identifier
  }

  /// What is no message never comes so far.
  func receive(_ type: String, _ content: String) {
    let header = #"{"msg_id":"m","msg_type":"\#(type)","session":"s"}"#
    let frames = [MessageCodec.delimiter, []] + [header, "{}", "{}", content].map { Array($0.utf8) }
    if let message = try? codec.decode(frames), widgets.accept(message, byteCount: content.utf8.count) {
      try? widgets.receive(message, signal: signal)
    }
    for case .message(let message) in session.publisher.takeAll() {
      if let content = try? JSONValue(parsing: message.content.bytes) { published = [content] }
    }
  }
}

extension FakeFrontEnd {
  /// - Returns: the identifier of a view that a cell has shown.
  fileprivate func openView() throws -> String { try #require(try execute("widget cells").published.view) }

  /// - Returns: the identifier of the message.
  fileprivate func sendToView(_ view: String, _ content: String, buffers: [[UInt8]] = []) -> String {
    let data = #"{"comm_id":"\#(view)","data":{"method":"custom","content":\#(content)}}"#
    let (identifier, frames) = frames("comm_msg", data)
    sockets[.shell]?.send(frames + buffers)
    return identifier
  }

  /// Everything published for a message to a view.
  fileprivate func tell(_ view: String, _ content: String, buffers: [[UInt8]] = []) throws -> [Message] {
    try published(for: sendToView(view, content, buffers: buffers))
  }

  /// The views that the kernel tells a new page of.
  fileprivate func states(by method: String = "request_states") throws -> [String: JSONValue] {
    let control = "control-\(UUID().uuidString)"
    let opened = send("comm_open", #"{"comm_id":"\#(control)","target_name":"jupyter.widget.control","data":{}}"#)
    #expect(try published(for: opened).map(\.type) == ["status", "status"])
    let asked = send("comm_msg", #"{"comm_id":"\#(control)","data":{"method":"\#(method)"}}"#)
    let data = try published(for: asked)[1].content["data"]
    #expect(data?["method"]?.text == "update_states" && data?["buffer_paths"] == .array([]))
    return data?["states"]?.members ?? [:]
  }
}

extension FakeFrontEnd.Message {
  /// The content of a custom message.
  fileprivate var said: JSONValue? {
    content["data"]?["method"]?.text == "custom" ? content["data"]?["content"] : nil
  }
}

extension [FakeFrontEnd.Message] {
  /// The identifier of the first view that was opened.
  fileprivate var view: String? { first { $0.type == "comm_open" }?.content["comm_id"]?.text }
}
