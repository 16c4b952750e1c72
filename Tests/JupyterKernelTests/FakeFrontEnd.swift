import CZeroMQ
import EchoInterpreter
import Files
import Foundation
import JupyterWire
import Synchronization
import Testing

@testable import JupyterKernel

/// A front end on real sockets, and the kernel it talks to in the same process.
///
/// It reads and signs messages by itself, so that a fault in the kernel's codec does not cancel out.
final class FakeFrontEnd {
  struct Message {
    let type: String
    let parent: String
    let parentHeader: JSONValue
    let metadata: JSONValue
    let content: JSONValue
    let buffers: [[UInt8]]
    var state: String? { content["execution_state"]?.text }
  }

  /// Five ports, one after the other, that nobody else has: below those that the system gives out, and never the same again
  /// in a test run, for suites run beside each other.
  static func freePorts() -> Range<Int> {
    while true {
      let number = taken.add(1, ordering: .relaxed).oldValue
      let first = 10_000 + (Int(getpid()) % 1000 * 20 + number * 5) % 20_000
      if (first..<first + 5).allSatisfy(isFree) { return first..<first + 5 }
    }
  }

  private static let taken = Atomic<Int>(0)

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0)
    return withUnsafeBytes(of: &address) { bytes in
      bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
    }
  }

  /// As a connection file names them.
  static func tcpPorts(_ ports: Range<Int> = freePorts()) -> String {
    zip(["shell", "iopub", "stdin", "control", "hb"], ports).map { "\"\($0)_port\":\($1)" }.joined(separator: ",")
  }

  enum Failure: Error { case nothingArrived(String), notAMessage }

  let kernel: Kernel
  let log = LogLines()
  let connection: ConnectionFile
  let sockets: [ConnectionFile.Channel: Socket]
  private let signer: MessageSigner
  private let context: SocketContext
  private let result = KernelResult()
  private let rules = ConversationRules()
  private var counter = 0

  init(
    key: String = "secret", interpreter: any Interpreter = EchoInterpreter(), endpoints: String? = nil,
    captures: Bool = false, history: Kernel.HistoryStorage = .memory, keepsakes: Kernel.KeepsakeStorage = .none,
    serverKey: String? = nil
  ) throws {
    let folder = "/tmp/jk-\(UUID().uuidString.prefix(12))"
    let place = endpoints ?? #""transport":"ipc","ip":"\#(folder)""#
    let ports = #""shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5"#
    let scheme = #""key":"\#(key)","signature_scheme":"hmac-sha256""#
    connection = try ConnectionFile(
      json: Array("{\(place),\(endpoints == nil ? ports + "," : "")\(scheme)}".utf8))
    signer = MessageSigner(key: Array(key.utf8))
    var options = Kernel.Options()
    options.handlesSignals = false
    options.history = history
    options.keepsakes = keepsakes
    options.capturesNativeOutput = captures
    options.log = { [log] in log.append($0) }
    kernel = Kernel(connection: connection, interpreter: interpreter, options: options)
    kernel.comms.register(EchoComm.name, EchoComm())
    try KernelResult.start(kernel, reportingTo: result)
    context = try SocketContext()
    var sockets: [ConnectionFile.Channel: Socket] = [:]
    for channel in ConnectionFile.Channel.allCases {
      let socket = try Socket(channel == .iopub ? .subscriber : .dealer, in: context)
      // One name on every channel, so that the kernel finds the stdin that belongs to a cell.
      if channel != .iopub { socket.name("front") }
      if let serverKey { socket.encrypt(for: serverKey) }
      socket.connect(to: connection.endpoint(channel))
      sockets[channel] = socket
    }
    self.sockets = sockets
    let welcome = try receive(.iopub)
    #expect(welcome.type == "iopub_welcome" && welcome.parentHeader == .object([:]))
    #expect(try receive(.iopub).state == "starting")
  }

  deinit {
    kernel.shutDown()
    _ = result.wait(seconds: 3)
  }

  /// - Returns: the identifier of the message.
  @discardableResult
  func send(_ type: String, _ content: String = "{}", on channel: ConnectionFile.Channel = .shell) -> String {
    let (identifier, frames) = frames(type, content)
    sockets[channel]?.send(frames)
    return identifier
  }

  /// The frames of a new message, for those who want to spoil them.
  func frames(_ type: String, _ content: String, metadata: String = "{}") -> (identifier: String, frames: [[UInt8]]) {
    counter += 1
    let identifier = "m\(counter)"
    let header =
      #"{"msg_id":"\#(identifier)","session":"front","username":"u","date":"","msg_type":"\#(type)","version":"5.5"}"#
    if let header = try? JSONValue(parsing: Array(header.utf8)) { rules.note(request: header) }
    let parts = [header, "{}", metadata, content].map { Array($0.utf8) }
    return (identifier, [MessageCodec.delimiter, signer.signature(of: parts)] + parts)
  }

  func receive(_ channel: ConnectionFile.Channel, seconds: Double = 10) throws -> Message {
    guard let socket = sockets[channel] else { throw Failure.nothingArrived(channel.rawValue) }
    let deadline = ContinuousClock.now + .seconds(seconds)
    let never = WakeSignal()
    while true {
      if let frames = socket.receive() { return try parse(frames, on: channel) }
      let left = deadline - ContinuousClock.now
      if left <= .zero { throw Failure.nothingArrived(channel.rawValue) }
      Socket.wait(for: [socket], or: never, milliseconds: Int(left / .milliseconds(1)) + 1)
    }
  }

  func parse(_ frames: [[UInt8]], on channel: ConnectionFile.Channel = .iopub) throws -> Message {
    guard let delimiter = frames.firstIndex(of: MessageCodec.delimiter), frames.count >= delimiter + 6 else {
      throw Failure.notAMessage
    }
    // A dealer has no route before the delimiter, a subscriber the topic.
    #expect(delimiter == (channel == .iopub ? 1 : 0))
    let parts = Array(frames[(delimiter + 2)...(delimiter + 5)])
    _ = try signer.verify(frames[delimiter + 1], of: parts)
    let header = try JSONValue(parsing: parts[0])
    let parent = try JSONValue(parsing: parts[1])
    let metadata = try JSONValue(parsing: parts[2])
    let content = try JSONValue(parsing: parts[3])
    let type = header["msg_type"]?.text ?? ""
    let faults =
      MessageSpecification.faults(header: header, parent: parent, metadata: metadata, content: content, on: channel)
      + rules.faults(header: header, parent: parent, content: content, on: channel)
    #expect(faults.isEmpty, "\(type): \(faults)")
    return Message(
      type: type, parent: parent["msg_id"]?.text ?? "", parentHeader: parent, metadata: metadata,
      content: content,
      buffers: Array(frames[(delimiter + 6)...]))
  }

  /// Everything published for `identifier` up to its idle, and nothing for any other.
  func published(for identifier: String, seconds: Double = 10) throws -> [Message] {
    var messages: [Message] = []
    repeat {
      let message = try receive(.iopub, seconds: seconds)
      #expect(message.parent == identifier, "\(message.type)")
      messages.append(message)
    } while messages.last?.state != "idle"
    return messages
  }

  func executeContent(_ code: String, extra: String = "") -> String {
    String(decoding: JSONFragment.object([("code", .string(code))]).bytes.dropLast(), as: UTF8.self) + "\(extra)}"
  }

  @discardableResult
  func sendExecute(_ code: String, extra: String = "") -> String {
    send("execute_request", executeContent(code, extra: extra))
  }

  func execute(_ code: String, extra: String = "") throws -> (reply: Message, published: [Message]) {
    let identifier = sendExecute(code, extra: extra)
    let reply = try receive(.shell)
    #expect(reply.type == "execute_reply" && reply.parent == identifier)
    return (reply, try published(for: identifier))
  }

  func pause(milliseconds: Int) { WakeSignal().wait(milliseconds: milliseconds) }

  /// Waits for the end of `Kernel.run`.
  func status(seconds: Double = 5) -> Result<Int32, KernelError>? { result.wait(seconds: seconds) }
}

extension Socket {
  /// Speaks only to the server that has the secret half of `serverKey`.
  fileprivate func encrypt(for serverKey: String) {
    var keys = (public: [CChar](repeating: 0, count: 41), secret: [CChar](repeating: 0, count: 41))
    zmq_curve_keypair(&keys.public, &keys.secret)
    zmq_setsockopt(handle, ZMQ_CURVE_SERVERKEY, serverKey, 41)
    zmq_setsockopt(handle, ZMQ_CURVE_PUBLICKEY, keys.public, 41)
    zmq_setsockopt(handle, ZMQ_CURVE_SECRETKEY, keys.secret, 41)
  }

  fileprivate func name(_ identity: String) { zmq_setsockopt(handle, ZMQ_ROUTING_ID, identity, identity.utf8.count) }
}

/// What the kernel logged.
final class LogLines: Sendable {
  private let lines = Locked<[String]>([])
  func append(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }

  /// Waits until a line contains `text`, at most two seconds.
  func contains(_ text: String) -> Bool {
    for _ in 0..<200 {
      if all.contains(where: { $0.contains(text) }) { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }
}

/// How `Kernel.run` ended on its thread.
final class KernelResult: Sendable {
  private let value = Locked<Result<Int32, KernelError>?>(nil)
  private let ended = WakeSignal()

  static func start(_ kernel: Kernel, reportingTo result: KernelResult) throws(KernelError) {
    _ = try KernelThread(name: "kernel") {
      let value: Result<Int32, KernelError>
      do throws(KernelError) { value = .success(try kernel.run()) } catch { value = .failure(error) }
      result.value.withLock { $0 = value }
      result.ended.raise()
    }
  }

  func wait(seconds: Double) -> Result<Int32, KernelError>? {
    if let value = value.withLock({ $0 }) { return value }
    ended.wait(milliseconds: Int(seconds * 1000))
    return value.withLock { $0 }
  }
}
