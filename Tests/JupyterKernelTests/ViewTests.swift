import EchoInterpreter
import Files
import JupyterWire
import Testing

@testable import JupyterKernel

/// What an interactive view needs of the kernel: the toy shows that a cell can have it all.
@Suite(.serialized) struct ViewTests {
  @Test func aCellShowsADisplayUpdatesItAndOpensACommToTheFrontEnd() throws {
    let front = try FakeFrontEnd()
    let shown = try front.execute("view cells").published
    #expect(
      shown.map(\.type)
        == ["status", "execute_input", "display_data", "comm_open", "update_display_data", "status"])
    let display = try #require(shown[2].displayID)
    #expect(shown[2].plainText == "cells, drawing")
    #expect(shown[4].plainText == "cells, drawn" && shown[4].displayID == display)
    #expect(shown[3].content["target_name"]?.text == EchoView.target)
    #expect(shown[3].content["data"]?["title"]?.text == "cells" && shown[3].buffers == [Array("cells".utf8)])
  }

  @Test func whatTheFrontEndSaysAfterTheCellIsAnsweredAndChangesItsDisplay() throws {
    let front = try FakeFrontEnd()
    let shown = try front.execute("view cells").published
    let display = try #require(shown[2].displayID)
    let comm = try #require(shown[3].content["comm_id"]?.text)

    let (said, frames) = front.frames("comm_msg", #"{"comm_id":"\#(comm)","data":{"chosen":"A"}}"#)
    front.sockets[.shell]?.send(frames + [[1, 2, 3], []])
    let answers = try front.published(for: said)
    #expect(answers.map(\.type) == ["status", "update_display_data", "comm_msg", "status"])
    #expect(answers[1].displayID == display && answers[1].plainText == "chosen: A")
    #expect(answers[2].content["comm_id"]?.text == comm && answers[2].content["data"]?["chosen"]?.text == "A")
    #expect(answers[2].buffers == [[3, 2, 1], []])

    let closing = try front.published(for: front.send("comm_close", #"{"comm_id":"\#(comm)","data":{}}"#))
    #expect(closing.map(\.type) == ["status", "update_display_data", "status"])
    let late = front.send("comm_msg", #"{"comm_id":"\#(comm)","data":{}}"#)
    #expect(try front.published(for: late).map(\.type) == ["status", "status"])
  }

  @Test func theKernelsSideClosesACommThatACellHasOpened() throws {
    let front = try FakeFrontEnd()
    let comm = try #require(try front.execute("view cells").published[3].content["comm_id"]?.text)
    let closing = front.send("comm_msg", #"{"comm_id":"\#(comm)","data":{"close":true}}"#)
    #expect(try front.published(for: closing).map(\.type) == ["status", "comm_close", "status"])
  }
}

extension FakeFrontEnd.Message {
  fileprivate var displayID: String? { content["transient"]?["display_id"]?.text }
  fileprivate var plainText: String? { content["data"]?["text/plain"]?.text }
}
