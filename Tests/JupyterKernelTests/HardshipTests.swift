import CZeroMQ
import Files
import Glibc
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct HardshipTests {
  @Test func fourThousandQueuedRequestsAreAllAnsweredInOrder() throws {
    let front = try FakeFrontEnd()
    let identifiers = (0..<4000).map { _ in front.send("kernel_info_request") }
    for identifier in identifiers { #expect(try front.receive(.shell).parent == identifier) }
    for identifier in identifiers { #expect(try front.published(for: identifier).count == 2) }
  }

  @Test func aWronglySignedMessageIsDroppedAndTheNextIsAnswered() throws {
    let front = try FakeFrontEnd()
    let shell = try #require(front.sockets[.shell])
    for position in 0..<3 {
      var spoiled = front.frames("execute_request", #"{"code":"echo never"}"#).frames
      if position == 0 { spoiled[1][5] ^= 1 } else if position == 1 { spoiled[1] = [] } else { spoiled[1] = [65] }
      shell.send(spoiled)
      let (reply, published) = try front.execute("echo good")
      #expect(reply.content["status"]?.text == "ok")
      #expect(published.count == 4)
    }
    #expect(front.log.contains("the signature does not fit"))
  }

  @Test func aReplayedRequestRunsOnce() throws {
    let front = try FakeFrontEnd()
    let (identifier, frames) = front.frames("execute_request", front.executeContent("echo once"))
    front.sockets[.shell]?.send(frames)
    #expect(try front.receive(.shell).parent == identifier)
    front.sockets[.shell]?.send(frames)
    front.sockets[.control]?.send(frames)
    _ = try front.published(for: identifier)
    #expect(try front.execute("echo next").reply.content["execution_count"] == .integer(2))
    #expect(front.log.contains("dropped a message on control: the signature was seen before"))
    #expect(front.log.contains("dropped a message on shell: the signature was seen before"))
  }

  @Test func brokenMessagesAreDroppedWithoutHarm() throws {
    let front = try FakeFrontEnd()
    let broken: [[[UInt8]]] = [
      [[]], [[1, 2], [3]], [MessageCodec.delimiter], [MessageCodec.delimiter, [], []],
      front.frames("execute_request", "{\"code\"").frames, front.frames("execute_request", "[]").frames,
      front.frames("execute_request", String(repeating: "[", count: 5_000_000)).frames,
      front.frames("execute_request", String(repeating: "{\"a\":", count: 100_000)).frames,
      [[UInt8]](repeating: [0], count: 100_000),
    ]
    for channel in [ConnectionFile.Channel.shell, .control, .stdin] {
      for message in broken { front.sockets[channel]?.send(message) }
    }
    #expect(try front.execute("echo alive").reply.content["status"]?.text == "ok")
    front.send("kernel_info_request", on: .control)
    #expect(try front.receive(.control).type == "kernel_info_reply")
  }

  @Test func fivePlusMegabytesOfPictureArriveWhole() throws {
    let front = try FakeFrontEnd()
    let clock = ContinuousClock()
    var published: [FakeFrontEnd.Message] = []
    let time = try clock.measure { published = try front.execute("png 5000000").published }
    let picture = published.first { $0.type == "display_data" }?.content["data"]?["image/png"]?.text
    #expect(picture.map { $0.utf8.count > 6_666_000 } == true)
    print("a picture of 5 MB, sent and parsed in a debug build: \(time)")
  }

  @Test func controlAnswersWhileACellRuns() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("sleep 30")
    let start = ContinuousClock.now
    for _ in 0..<50 {
      front.send("kernel_info_request", on: .control)
      #expect(try front.receive(.control).type == "kernel_info_reply")
    }
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func anInterruptStopsTheCellWithOneErrorReply() throws {
    let front = try FakeFrontEnd()
    let identifier = front.sendExecute("sleep 30")
    while try front.receive(.iopub).type != "execute_input" {}
    let start = ContinuousClock.now
    for _ in 0..<50 { front.send("interrupt_request", on: .control) }
    let reply = try front.receive(.shell)
    #expect(reply.parent == identifier && reply.content["ename"]?.text == "KeyboardInterrupt")
    #expect(ContinuousClock.now - start < .seconds(1))
    for _ in 0..<50 { #expect(try front.receive(.control).type == "interrupt_reply") }
    while try front.receive(.iopub, seconds: 0.3).type != "error" {}
    // Interrupts of an idle kernel do not reach the next cell.
    for _ in 0..<20 { front.send("interrupt_request", on: .control) }
    for _ in 0..<20 { _ = try front.receive(.control) }
    front.sendExecute("sleep 0.1")
    #expect(try front.receive(.shell).content["status"]?.text == "ok")
  }

  @Test func questionsInPlentyBesideALongCellAndAQueueAreAnsweredAtOnce() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("sleep 30")
    let queued = (0..<2000).map { _ in front.sendExecute("echo a") }
    let start = ContinuousClock.now
    let questions = (0..<2000).map { _ in front.send("complete_request", #"{"code":"pro","cursor_pos":3}"#) }
    for question in questions { #expect(try front.receive(.shell).parent == question) }
    #expect(ContinuousClock.now - start < .seconds(15))
    front.send("interrupt_request", on: .control)
    #expect(try front.receive(.shell).content["ename"]?.text == "KeyboardInterrupt")
    for identifier in queued { #expect(try front.receive(.shell).parent == identifier) }
  }

  @Test func onlyTopicsOfASensibleLengthAreKept() throws {
    let front = try FakeFrontEnd()
    let context = try SocketContext()
    do {
      for (length, isKept) in [(500, true), (2000, false)] {
        let socket = try Socket(.subscriber, in: context)
        zmq_setsockopt(socket.handle, ZMQ_SUBSCRIBE, [UInt8](repeating: 65, count: length), length)
        socket.connect(to: front.connection.endpoint(.iopub))
        front.pause(milliseconds: 300)
        var isWelcome = false
        while let frames = socket.receive() {
          if try front.parse(frames).content["subscription"]?.text?.utf8.count == length { isWelcome = true }
        }
        #expect(isWelcome == isKept)
      }
    }
    context.terminate()
  }

  @Test func aPublisherKnowsWhatIsLeftUnread() throws {
    let context = try SocketContext()
    do {
      let endpoint = "inproc://held"
      let publisher = try Socket(.extendedPublisher, in: context)
      try publisher.bind(.iopub, to: endpoint)
      let deaf = try Socket(.subscriber, in: context)
      deaf.connect(to: endpoint)
      Socket.wait(for: [publisher], milliseconds: 2000)
      #expect(publisher.receive() == [[1]])
      for _ in 0..<10 { publisher.send([[1], [UInt8](repeating: 7, count: 100_000), [2]]) }
      #expect(publisher.heldBytes == 1_000_000)
      for _ in 0..<10 { #expect(deaf.receive()?.map(\.count) == [1, 100_000, 1]) }
      #expect(publisher.heldBytes == 0)
    }
    context.terminate()
  }

  @Test(.timeLimit(.minutes(1))) func outputsAreMadeNoFasterThanTheyArePublished() throws {
    let publisher = Publisher()
    let picture = OutgoingMessage.stream(
      .stdout, String(repeating: "x", count: Publisher.byteLimit / 4), parent: .emptyObject)
    let posted = Locked(0)
    Task.detached {
      for _ in 0..<100 {
        publisher.waitForRoom()
        publisher.publish(picture)
        posted.withLock { $0 += 1 }
      }
      publisher.waitForRoom()
      publisher.write("done", to: .stdout, parent: .emptyObject)
      posted.withLock { $0 += 1 }
    }
    var taken = 0
    while taken < 101 {
      publisher.arrival.wait(milliseconds: -1)
      usleep(2000)
      // What is small passes what waits.
      publisher.publish(.status(.busy, parent: .emptyObject))
      let batch = publisher.takeAll()
      #expect(batch.count <= 6)
      taken += batch.count - 1
    }
    #expect(taken == 101)
    while posted.withLock({ $0 }) < 101 { usleep(1000) }
  }

  @Test(.timeLimit(.minutes(1))) func nobodyWaitsForAPublisherThatHasStopped() throws {
    let publisher = Publisher()
    publisher.stop()
    _ = publisher.takeAll()
    let text = String(repeating: "x", count: Publisher.byteLimit)
    for _ in 0..<3 {
      publisher.waitForRoom()
      publisher.write(text, to: .stdout, parent: .emptyObject)
    }
  }

  @Test func frontEndsThatVanishDoNoHarm() throws {
    let front = try FakeFrontEnd()
    for _ in 0..<20 {
      let context = try SocketContext()
      do {
        let socket = try Socket(.dealer, in: context)
        socket.connect(to: front.connection.endpoint(.shell))
        for _ in 0..<20 { socket.send(front.frames("kernel_info_request", "{}").frames) }
      }
      context.terminate()
    }
    front.sendExecute("echo alive")
    #expect(try front.receive(.shell).content["status"]?.text == "ok")
  }
}
