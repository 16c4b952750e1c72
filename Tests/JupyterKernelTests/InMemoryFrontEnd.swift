import EchoInterpreter
import Files
import JupyterWire
import Testing

@testable import JupyterKernel

/// A front end without sockets: it stands where the shell and iopub threads would, and the rest of the kernel is real.
final class InMemoryFrontEnd {
  let requests = RequestQueue()
  let shell = Mailbox<ShellChannel.Order>()
  let session = KernelSession(
    kernelInfo: EchoInterpreter().languageInfo.replyContent, log: { _ in })
  let comms: CommRegistry
  private let codec = MessageCodec(key: [])
  private let thread: KernelThread
  private let rules = ConversationRules()
  private var counter = 0

  init(interpreter: any Interpreter = EchoInterpreter(), history: History = History()) throws {
    comms = CommRegistry(publisher: session.publisher, log: { _ in })
    let widgets = WidgetService(session: session, requests: requests, comms: comms, folder: nil, notebook: nil)
    let readOnly = ReadOnlyRequests(
      session: session, interpreter: interpreter, history: history, comms: comms, widgets: widgets)
    let replier = Replier(session: session, shell: shell)
    let assistant = AssistantThread(queue: requests, requests: readOnly, replier: replier)
    _ = try KernelThread(name: "assistant") { assistant.run() }
    thread = try KernelThread(name: "evaluation", stackBytes: 8 << 20) { [requests] in
      var thread = EvaluationThread(queue: requests, readOnly: readOnly, replier: replier, drainNativeOutput: {})
      thread.run()
    }
  }

  deinit {
    session.requestShutdown()
    requests.post(.stop)
    _ = thread.join(milliseconds: 2000)
  }

  /// - Returns: the identifier of the message.
  func send(_ type: String, _ content: String = "{}") throws -> String {
    counter += 1
    let header = #"{"msg_id":"m\#(counter)","msg_type":"\#(type)","session":"memory"}"#
    rules.note(request: try JSONValue(parsing: Array(header.utf8)))
    let frames = [MessageCodec.delimiter, []] + [header, "{}", "{}", content].map { Array($0.utf8) }
    requests.post(.request(try codec.decode(frames)))
    return "m\(counter)"
  }

  /// Everything said on shell and iopub until every request in `identifiers` has its idle, checked and in order.
  func exchange(until identifiers: Set<String>) throws -> (replies: [Heard], published: [Heard]) {
    var waiting = identifiers
    var published: [Heard] = []
    var replies: [Heard] = []
    let deadline = ContinuousClock.now + .seconds(10)
    while !waiting.isEmpty, ContinuousClock.now < deadline {
      session.publisher.arrival.wait(milliseconds: 5)
      for publication in session.publisher.takeAll() {
        switch publication {
        case .message(let message): published.append(try hear(message, on: .iopub))
        case .stream(let stream):
          published.append(
            try hear(.stream(stream.name, stream.text, parent: stream.parent), on: .iopub))
        case .stop: break
        }
        if published.last?.content["execution_state"]?.text == "idle", let parent = published.last?.parent {
          waiting.remove(parent)
        }
      }
      replies += try answerOrders()
    }
    replies += try answerOrders()
    #expect(waiting.isEmpty, "no idle for \(waiting)")
    return (replies, published)
  }

  struct Heard {
    let type: String
    let parent: String
    let content: JSONValue
  }

  private func answerOrders() throws -> [Heard] {
    var replies: [Heard] = []
    for order in shell.takeAll() {
      switch order {
      case .reply(let message): replies.append(try hear(message, on: .shell))
      case .ask(let message): replies.append(try hear(message, on: .stdin))
      case .fence: requests.post(.fence)
      case .stop: break
      }
    }
    return replies
  }

  private func hear(_ message: OutgoingMessage, on channel: ConnectionFile.Channel) throws -> Heard {
    let frames = codec.encode(message)
    let parts = try frames.suffix(4 + message.buffers.count).prefix(4).map { try JSONValue(parsing: $0) }
    let faults =
      MessageSpecification.faults(
        header: parts[0], parent: parts[1], metadata: parts[2], content: parts[3], on: channel)
      + rules.faults(header: parts[0], parent: parts[1], content: parts[3], on: channel)
    #expect(faults.isEmpty, "\(message.type): \(faults)")
    return Heard(type: message.type, parent: parts[1]["msg_id"]?.text ?? "", content: parts[3])
  }
}

@Suite struct InMemoryTests {
  @Test func aThousandMixedRequestsAreAnsweredInOrderWithoutASocket() throws {
    let front = try InMemoryFrontEnd()
    var identifiers: [String] = []
    // Before the first cell: behind one that takes long they would overtake it.
    for _ in 0..<250 {
      identifiers.append(try front.send("kernel_info_request"))
      identifiers.append(try front.send("comm_info_request"))
    }
    for index in 0..<250 {
      identifiers.append(try front.send("execute_request", #"{"code":"echo \#(index)"}"#))
      identifiers.append(try front.send("history_request", #"{"hist_access_type":"tail","n":1}"#))
    }
    let (replies, published) = try front.exchange(until: Set(identifiers))
    let areRepliesInOrder = replies.map(\.parent) == identifiers
    let begun = published.filter { $0.content["execution_state"]?.text == "busy" }
    let areBeginningsInOrder = begun.map(\.parent) == identifiers
    #expect(areRepliesInOrder && areBeginningsInOrder)
  }

  @Test func whatAPageAsksIsAnsweredBesideALongCellAndTheRestAfterIt() throws {
    let front = try InMemoryFrontEnd()
    let cell = try front.send("execute_request", #"{"code":"sleep 0.3"}"#)
    let next = try front.send("execute_request", #"{"code":"echo b"}"#)
    let history = try front.send("history_request", #"{"hist_access_type":"tail","n":1}"#)
    let questions = [
      try front.send("complete_request", #"{"code":"pro","cursor_pos":3}"#), try front.send("kernel_info_request"),
      try front.send("comm_info_request"), try front.send("is_complete_request", #"{"code":"echo"}"#),
    ]
    let (replies, published) = try front.exchange(until: Set([cell, next, history] + questions))
    #expect(replies.map(\.parent) == questions + [cell, next, history])
    // Whoever goes by the state told last knows at any time that the cell still runs.
    let states = published.filter { $0.content["execution_state"] != nil }
    let end = try #require(states.firstIndex { $0.parent == cell && $0.content["execution_state"]?.text == "idle" })
    for index in states[..<end].indices where states[index].content["execution_state"]?.text == "idle" {
      #expect(states[index + 1].parent == cell && states[index + 1].content["execution_state"]?.text == "busy")
    }
    #expect(states[..<end].count { $0.parent == cell } == 1 + questions.count)
  }

  @Test func aQuestionBehindAShortCellSeesWhatTheCellDid() throws {
    let front = try InMemoryFrontEnd()
    for _ in 0..<50 {
      let cell = try front.send("execute_request", #"{"code":"echo a"}"#)
      let completion = try front.send("complete_request", #"{"code":"pro","cursor_pos":3}"#)
      #expect(try front.exchange(until: [cell, completion]).replies.map(\.parent) == [cell, completion])
    }
  }
}
