import Glibc

/// Numbers in memory of their own, at an address that stays: for what many threads fill and read at once.
final class FloatStorage: @unchecked Sendable {
  // Written only while it is being filled, each place by one thread.
  let values: UnsafeMutableBufferPointer<Float>

  private static let largePage = 1 << 21

  /// Zeros, at a multiple of 64 bytes.
  init(count: Int) {
    let byteCount = max(64, (count * MemoryLayout<Float>.size + 63) / 64 * 64)
    let isLarge = byteCount >= 2 * Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: isLarge ? Self.largePage : 64)
    // Rows are visited in no order: larger pages save the processor's look-ups of addresses.
    if isLarge { madvise(memory, byteCount, MADV_HUGEPAGE) }
    values = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  deinit { UnsafeMutableRawPointer(values.baseAddress)?.deallocate() }
}
