import CZeroMQ
import Glibc
import JupyterWire

/// The ZeroMQ context that the sockets of one kernel share.
///
/// Unchecked, because zmq_ctx_new(3) promises: "A ØMQ context is thread safe and may be shared among as many
/// application threads as necessary, without any additional locking required on the part of the caller."
final class SocketContext: @unchecked Sendable {
  fileprivate let handle: UnsafeMutableRawPointer

  init() throws(KernelError) {
    guard let handle = zmq_ctx_new() else { throw .cannotCreateSocket(reason: lastZeroMQError()) }
    self.handle = handle
  }

  /// Blocks until every socket is closed and has sent what its linger time allows.
  func terminate() {
    while zmq_ctx_term(handle) != 0 && zmq_errno() == EINTR {}
  }
}

/// A ZeroMQ socket; it must be made, used and closed on one thread, and so is not Sendable.
final class Socket {
  enum Kind: Sendable { case router, extendedPublisher, dealer, subscriber, request }

  let handle: UnsafeMutableRawPointer
  private let load = TransportLoad()

  /// - Parameter curve: the key pair of a server, which then serves only clients that know the public one.
  init(_ kind: Kind, in context: SocketContext, curve: CurveKeys? = nil) throws(KernelError) {
    let type =
      switch kind {
      case .router: ZMQ_ROUTER
      case .extendedPublisher: ZMQ_XPUB
      case .dealer: ZMQ_DEALER
      case .subscriber: ZMQ_SUB
      case .request: ZMQ_REQ
      }
    guard let handle = zmq_socket(context.handle, type) else {
      throw .cannotCreateSocket(reason: lastZeroMQError())
    }
    self.handle = handle
    // A lost idle or reply hangs a front end for good, so replies have no limit, and iopub one that only a front
    // end which has stopped reading ever meets.
    set(ZMQ_SNDHWM, kind == .extendedPublisher ? 200_000 : 0)
    set(ZMQ_RCVHWM, 0)
    set(ZMQ_LINGER, 500)
    switch kind {
    case .router: set(ZMQ_ROUTER_HANDOVER, 1)
    case .extendedPublisher:
      set(ZMQ_XPUB_VERBOSE, 1)
      // Only subscriptions come in, and libzmq keeps a hundred bytes for every byte of their topics.
      var topicLimit: Int64 = 1024
      zmq_setsockopt(handle, ZMQ_MAXMSGSIZE, &topicLimit, MemoryLayout<Int64>.size)
    case .dealer, .request: break
    case .subscriber: zmq_setsockopt(handle, ZMQ_SUBSCRIBE, nil, 0)
    }
    // Else a numerical IPv6 address cannot be bound; IPv4 addresses work as before.
    set(ZMQ_IPV6, 1)
    if let curve {
      set(ZMQ_CURVE_SERVER, 1)
      guard zmq_setsockopt(handle, ZMQ_CURVE_PUBLICKEY, curve.publicKey, 41) == 0,
        zmq_setsockopt(handle, ZMQ_CURVE_SECRETKEY, curve.secretKey, 41) == 0
      else { throw .unusableCurveKeys }
    }
  }

  deinit { zmq_close(handle) }

  /// From now on a peer that reads nothing misses what comes after ten thousand messages.
  func limitUnread() { set(ZMQ_SNDHWM, 10_000) }

  /// From now on a message to a peer that is not connected fails instead of vanishing.
  func reportUnreachablePeers() { set(ZMQ_ROUTER_MANDATORY, 1) }

  /// The number at the end of the address the socket is bound to: the port that the system chose.
  var boundPort: Int? {
    var buffer = [CChar](repeating: 0, count: 1024)
    var size = buffer.count
    guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &size) == 0, size > 0 else { return nil }
    let endpoint = String(decoding: buffer[..<(size - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return endpoint.split(whereSeparator: { $0 == ":" || $0 == "-" }).last.flatMap { Int($0) }
  }

  func set(_ option: Int32, _ value: Int32) {
    var value = value
    zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
  }

  /// The message for a failed bind is wanted by the caller, which knows the channel.
  func bind(_ channel: ConnectionFile.Channel, to endpoint: String) throws(KernelError) {
    if zmq_bind(handle, endpoint) != 0 {
      throw .cannotBind(channel: channel, endpoint: endpoint, reason: lastZeroMQError())
    }
  }

  func connect(to endpoint: String) { _ = zmq_connect(handle, endpoint) }

  /// One whole multipart message, or nil if none has arrived.
  func receive() -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    var message = zmq_msg_t()
    zmq_msg_init(&message)
    defer { zmq_msg_close(&message) }
    repeat {
      while zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) < 0 {
        // Further parts of a message are always there once the first is, so this is the first or the end.
        if zmq_errno() != EINTR { return nil }
      }
      let frame = UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))
      frames.append(Array(frame))
    } while zmq_msg_more(&message) == 1
    return frames
  }

  /// Sends one multipart message; what cannot be delivered is dropped, as a vanished front end would have it.
  ///
  /// - Returns: whether ZeroMQ has taken it.
  @discardableResult
  func send(_ frames: [[UInt8]]) -> Bool {
    for (index, frame) in frames.enumerated() {
      let flags = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      if !send(frame, flags) { return false }
    }
    return true
  }

  private func send(_ frame: [UInt8], _ flags: Int32) -> Bool {
    guard frame.count >= TransportLoad.threshold else {
      while zmq_send(handle, frame, frame.count, flags) < 0 {
        if zmq_errno() != EINTR { return false }
      }
      return true
    }
    var message = zmq_msg_t()
    guard load.fill(&message, with: frame) else { return false }
    while zmq_msg_send(&message, handle, flags) < 0 {
      if zmq_errno() != EINTR {
        zmq_msg_close(&message)
        return false
      }
    }
    return true
  }

  /// The bytes of large frames that peers have not read yet.
  var heldBytes: Int { load.bytes }

  /// Blocks until a socket can be read or `signal`, if there is one, is raised; at most `milliseconds` if that is not negative.
  static func wait(for sockets: [Socket], or signal: WakeSignal? = nil, milliseconds: Int = -1) {
    var items = sockets.map { zmq_pollitem_t(socket: $0.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0) }
    if let signal {
      items.append(zmq_pollitem_t(socket: nil, fd: signal.descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    }
    // An interrupted wait is a wake-up like any other: every caller looks at everything it waits for.
    _ = zmq_poll(&items, Int32(items.count), milliseconds)
  }
}

extension CurveKeys {
  /// Finds out before anybody waits in vain for a kernel whose keys do not fit each other.
  ///
  /// - Throws: `KernelError.cannotEncrypt` or `.unusableCurveKeys`.
  func check() throws(KernelError) {
    if zmq_has("curve") == 0 { throw .cannotEncrypt }
    var derived = [CChar](repeating: 0, count: 41)
    guard zmq_curve_public(&derived, secretKey) == 0,
      derived.dropLast().map({ UInt8(bitPattern: $0) }) == Array(publicKey.utf8)
    else { throw .unusableCurveKeys }
  }
}

private func lastZeroMQError() -> String { String(cString: zmq_strerror(zmq_errno())) }
