import Glibc

/// An open file of whoever opened it, read and written whole: what the system does in parts is repeated.
package struct OpenFile: Sendable {
  package let descriptor: Int32

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// One call of the system takes no more bytes than fit into 31 bits.
  private static let largestStep = 1 << 30

  /// Fills a buffer from an offset on.
  ///
  /// - Returns: the bytes read: all that the buffer holds, fewer only at the file's end.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
    var filled = 0
    while filled < buffer.count {
      let step = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, min(buffer.count - filled, Self.largestStep),
        off_t(offset + filled))
      if step < 0, errno == EINTR { continue }
      guard step >= 0 else { throw .last }
      if step == 0 { break }
      filled += step
    }
    return filled
  }

  /// Items that lie at an offset one behind the other; nil if the file ends before the last of them.
  package func read<Item: BitwiseCopyable>(
    _: Item.Type, count: Int, at offset: Int
  ) throws(FileFault) -> [Item]? {
    var fault: FileFault?
    let byteCount = count * MemoryLayout<Item>.stride
    let items = [Item](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<byteCount])
      do throws(FileFault) {
        initialized = try read(into: bytes, at: offset) == byteCount ? count : 0
      } catch { fault = error }
    }
    if let fault { throw fault }
    return items.count == count ? items : nil
  }

  /// Writes where the file stands.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileFault) {
    var written = 0
    while written < bytes.count {
      let step = Glibc.write(
        descriptor, bytes.baseAddress.map { $0 + written }, min(bytes.count - written, Self.largestStep))
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { throw .last }
      written += step
    }
  }

  package func write<Item: BitwiseCopyable>(_ items: [Item]) throws(FileFault) {
    try items.withUnsafeBufferPointer { buffer throws(FileFault) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }
}
