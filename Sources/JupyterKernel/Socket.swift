import CZeroMQ
import Foundation
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
  enum Kind: Sendable { case router, extendedPublisher, dealer, subscriber }

  let handle: UnsafeMutableRawPointer

  init(_ kind: Kind, in context: SocketContext) throws(KernelError) {
    let type =
      switch kind {
      case .router: ZMQ_ROUTER
      case .extendedPublisher: ZMQ_XPUB
      case .dealer: ZMQ_DEALER
      case .subscriber: ZMQ_SUB
      }
    guard let handle = zmq_socket(context.handle, type) else {
      throw .cannotCreateSocket(reason: lastZeroMQError())
    }
    self.handle = handle
    // Without a limit nothing is dropped: a lost idle or reply would hang the front end for good.
    set(ZMQ_SNDHWM, 0)
    set(ZMQ_RCVHWM, 0)
    set(ZMQ_LINGER, 500)
    switch kind {
    case .router: set(ZMQ_ROUTER_HANDOVER, 1)
    case .extendedPublisher: set(ZMQ_XPUB_VERBOSE, 1)
    case .dealer: break
    case .subscriber: zmq_setsockopt(handle, ZMQ_SUBSCRIBE, nil, 0)
    }
  }

  deinit { zmq_close(handle) }

  private func set(_ option: Int32, _ value: Int32) {
    var value = value
    zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
  }

  /// The message for a failed bind is wanted by the caller, which knows the channel.
  func bind(_ channel: ConnectionFile.Channel, to endpoint: String) throws(KernelError) {
    if zmq_bind(handle, endpoint) != 0 {
      throw .cannotBind(channel: channel, endpoint: endpoint, reason: lastZeroMQError())
    }
  }

  func connect(to endpoint: String) { zmq_connect(handle, endpoint) }

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
  func send(_ frames: [[UInt8]]) {
    for (index, frame) in frames.enumerated() {
      let flags = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      while zmq_send(handle, frame, frame.count, flags) < 0 {
        if zmq_errno() != EINTR { return }
      }
    }
  }

  /// Blocks until a socket can be read or `signal` is raised; at most `milliseconds` if that is not negative.
  static func wait(for sockets: [Socket], or signal: WakeSignal, milliseconds: Int = -1) {
    var items = sockets.map { zmq_pollitem_t(socket: $0.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0) }
    items.append(zmq_pollitem_t(socket: nil, fd: signal.descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    // An interrupted wait is a wake-up like any other: every caller looks at everything it waits for.
    _ = zmq_poll(&items, Int32(items.count), milliseconds)
  }
}

private func lastZeroMQError() -> String { String(cString: zmq_strerror(zmq_errno())) }
