import CZeroMQ
import Synchronization

/// The bytes of large frames that ZeroMQ still holds for front ends which have not read them.
///
/// ZeroMQ limits the number of messages that wait for a front end, not their size.
final class TransportLoad: Sendable {
  /// Smaller frames are not worth counting: the number of messages is limited.
  static let threshold = 4096

  private let held = Atomic<Int>(0)

  var bytes: Int { held.load(ordering: .relaxed) }

  /// Makes `message` of a copy of `frame`, which counts until ZeroMQ lets it go.
  ///
  /// - Returns: whether there was memory for it.
  func fill(_ message: inout zmq_msg_t, with frame: [UInt8]) -> Bool {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: frame.count, alignment: 16)
    copy.copyBytes(from: frame)
    held.add(copy.count, ordering: .relaxed)
    let hint = Unmanaged.passRetained(HeldFrame(bytes: copy, load: self))
    let status = zmq_msg_init_data(
      &message, copy.baseAddress, copy.count,
      { _, hint in
        if let hint { Unmanaged<HeldFrame>.fromOpaque(hint).release() }
      }, hint.toOpaque())
    if status != 0 { hint.release() }
    return status == 0
  }

  /// Gives the copy back when ZeroMQ, from whichever of its threads, lets it go.
  private final class HeldFrame {
    private let bytes: UnsafeMutableRawBufferPointer
    private let load: TransportLoad

    init(bytes: UnsafeMutableRawBufferPointer, load: TransportLoad) {
      self.bytes = bytes
      self.load = load
    }

    deinit {
      load.held.subtract(bytes.count, ordering: .relaxed)
      bytes.deallocate()
    }
  }
}
