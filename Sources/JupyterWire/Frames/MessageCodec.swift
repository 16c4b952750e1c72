package import Files
import Glibc
import Synchronization

/// Turns frames into checked messages and messages into signed frames, for every channel of one kernel.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol>.
public final class MessageCodec: Sendable {
  public static let delimiter = Array("<IDS|MSG>".utf8)
  public static let protocolVersion = "5.5"

  private let signer: MessageSigner
  /// This kernel's own session, different in every process.
  public let session: String
  private let userName: String
  private let counter = Atomic<Int>(0)
  // One for the whole process, so that a shell message cannot be replayed on control either.
  private let replayGuard = Locked(ReplayGuard())

  /// - Parameters:
  ///   - key: the connection file's; empty for unsigned messages.
  ///   - session: a random one if nil.
  public init(key: [UInt8], session: String? = nil, userName: String = "kernel") {
    signer = MessageSigner(key: key)
    self.session = session ?? randomIdentifier()
    self.userName = userName
  }

  /// Checks and parses one multipart message: delimiter, number of frames, signature, replay, and only then JSON.
  ///
  /// - Throws: `WireError`; such a message must be dropped without a reply.
  public func decode(_ frames: [[UInt8]]) throws(WireError) -> ReceivedMessage {
    guard let delimiterIndex = frames.firstIndex(of: Self.delimiter) else { throw .noDelimiter }
    let parts = frames[(delimiterIndex + 1)...]
    guard parts.count >= 5 else { throw .tooFewFrames(parts.count) }
    let start = parts.startIndex
    let signed = Array(parts[(start + 1)..<(start + 5)])
    if let digest = try signer.verify(parts[start], of: signed) {
      guard replayGuard.withLock({ $0.admit(digest) }) else { throw .replayedSignature }
    }
    let header = try MessageHeader(parsing: signed[0])
    _ = try parsedObject(signed[1], part: "parent header")
    return ReceivedMessage(
      identities: Array(frames[..<delimiterIndex]), header: header,
      metadata: try parsedObject(signed[2], part: "metadata"),
      content: RequestContent(members: try parsedObject(signed[3], part: "content")),
      buffers: Array(parts[(start + 5)...]))
  }

  /// The frames of `message`, with a header of its own and its signature.
  public func encode(_ message: OutgoingMessage) -> [[UInt8]] {
    let number = counter.add(1, ordering: .relaxed).newValue
    let header = JSONFragment.object([
      ("msg_id", .string("\(session)_\(number)")), ("session", .string(session)), ("username", .string(userName)),
      ("date", .string(Self.timestamp())), ("msg_type", .string(message.type)),
      ("version", .string(Self.protocolVersion)),
    ])
    let signed = [header.bytes, message.parentHeader.bytes, message.metadata.bytes, message.content.bytes]
    return message.identities + [Self.delimiter, signer.signature(of: signed)] + signed + message.buffers
  }

  /// Content by itself with its signature, the way a kernel registers with its launcher (protocol 5.6).
  package func encode(bare content: JSONFragment) -> [[UInt8]] {
    [Self.delimiter, signer.signature(of: [content.bytes]), content.bytes]
  }

  /// Checks the signature of content by itself.
  ///
  /// - Throws: `WireError`.
  package func verify(bare frames: [[UInt8]]) throws(WireError) {
    guard let delimiterIndex = frames.firstIndex(of: Self.delimiter) else { throw .noDelimiter }
    let parts = frames[(delimiterIndex + 1)...]
    guard parts.count >= 2 else { throw .tooFewFrames(parts.count) }
    _ = try signer.verify(parts[parts.startIndex], of: [parts[parts.startIndex + 1]])
  }

  /// Now in ISO 8601, UTC, to the microsecond.
  private static func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = [
      padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2), padded(Int(parts.tm_mday), 2),
    ].joined(separator: "-")
    let time = [padded(Int(parts.tm_hour), 2), padded(Int(parts.tm_min), 2), padded(Int(parts.tm_sec), 2)]
      .joined(separator: ":")
    return "\(date)T\(time).\(padded(now.tv_nsec / 1000, 6))Z"
  }
}
