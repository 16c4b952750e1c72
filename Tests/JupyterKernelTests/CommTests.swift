import EchoInterpreter
import Files
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct CommTests {
  @Test func aRegisteredTargetAnswersUntilTheCommIsClosed() throws {
    let front = try FakeFrontEnd()
    let opened = front.send("comm_open", #"{"comm_id":"c1","target_name":"echo","data":{"n":1}}"#)
    let answers = try front.published(for: opened)
    #expect(answers.map(\.type) == ["status", "comm_msg", "status"])
    #expect(answers[1].content["data"] == .object(["n": .integer(1)]))
    front.send("comm_info_request", #"{"target_name":"echo"}"#)
    #expect(try front.receive(.shell).content["comms"]?["c1"]?["target_name"]?.text == "echo")
    front.send("comm_info_request", #"{"target_name":"other"}"#)
    #expect(try front.receive(.shell).content["comms"] == .object([:]))
    for _ in 0..<2 { while try front.receive(.iopub).state != "idle" {} }

    let (identifier, frames) = front.frames("comm_msg", #"{"comm_id":"c1","data":{"text":"é"}}"#)
    front.sockets[.shell]?.send(frames + [[1, 2, 3], []])
    let echoed = try front.published(for: identifier)[1]
    #expect(echoed.content["data"]?["text"]?.text == "é" && echoed.buffers == [[1, 2, 3], []])

    let closing = front.send("comm_msg", #"{"comm_id":"c1","data":{"close":true}}"#)
    #expect(try front.published(for: closing).map(\.type) == ["status", "comm_close", "status"])
    let late = front.send("comm_msg", #"{"comm_id":"c1","data":{}}"#)
    #expect(try front.published(for: late).map(\.type) == ["status", "status"])
  }

  @Test func theKernelCanOpenACommAndTheFrontEndCanCloseIt() throws {
    let front = try InMemoryFrontEnd()
    let comm = front.comms.open("widget", data: .object([("a", .integer(1))]), handler: EchoComm())
    let message = try front.send("comm_msg", #"{"comm_id":"\#(comm.identifier)","data":[1]}"#)
    let close = try front.send("comm_close", #"{"comm_id":"\#(comm.identifier)","data":{}}"#)
    let published = try front.exchange(until: [message, close]).published
    #expect(published.map(\.type) == ["comm_open", "status", "comm_msg", "status", "status", "status"])
    #expect(published.first?.content["target_name"]?.text == "widget")
    comm.send(.emptyObject)
    #expect(front.session.publisher.takeAll().isEmpty)
  }

  @Test func aTargetShowsWhatItHasToSayAndCanBeInterrupted() throws {
    let front = try FakeFrontEnd()
    let opened = front.send("comm_open", #"{"comm_id":"c1","target_name":"echo","data":{}}"#)
    _ = try front.published(for: opened)
    let printing = front.send("comm_msg", #"{"comm_id":"c1","data":{"print":"clicked"}}"#)
    let published = try front.published(for: printing)
    #expect(published.map(\.type) == ["status", "stream", "status"])
    #expect(published[1].content["text"]?.text == "clicked")

    let start = ContinuousClock.now
    let waiting = front.send("comm_msg", #"{"comm_id":"c1","data":{"wait":true}}"#)
    #expect(try front.receive(.iopub).parent == waiting)
    // It begins a moment after its busy, and what is not running is not interrupted.
    front.pause(milliseconds: 100)
    front.send("interrupt_request", on: .control)
    var last = try front.receive(.iopub)
    while last.parent != waiting || last.state != "idle" { last = try front.receive(.iopub) }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func contentOfTheWrongTypeIsIgnored() throws {
    let front = try FakeFrontEnd()
    for content in ["{}", #"{"comm_id":3}"#, #"{"comm_id":"x","target_name":[]}"#] {
      for type in ["comm_open", "comm_msg", "comm_close"] {
        let identifier = front.send(type, content)
        #expect(try front.published(for: identifier).map(\.state) == ["busy", "idle"])
      }
    }
    #expect(try front.execute("echo on").reply.content["status"]?.text == "ok")
  }
}
