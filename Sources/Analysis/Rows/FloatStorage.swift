import Glibc

/// Numbers in memory of their own, at an address that stays: for what many threads fill and read at once.
final class FloatStorage: @unchecked Sendable {
  // Written only while it is being filled, each place by one thread.
  let values: UnsafeMutableBufferPointer<Float>
  /// Where they begin.
  let start: UnsafeMutablePointer<Float>
  private let memory: Memory

  private enum Memory {
    case allocated(UnsafeMutableRawPointer)
    case mapped(UnsafeMutableRawPointer, byteCount: Int)
  }

  private static let largePage = 1 << 21

  /// Zeros, at a multiple of 64 bytes.
  ///
  /// Much memory is mapped from the system, which gives zeros where they are first touched, and in large pages if it
  /// can: rows are visited in no order, and the processor then looks up fewer addresses.
  init(count: Int) {
    let byteCount = max(64, count * MemoryLayout<Float>.size)
    let mappedCount = byteCount + Self.largePage
    if byteCount >= 2 * Self.largePage,
      let base = mmap(nil, mappedCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED
    {
      let aligned = base.alignedUp(toMultipleOf: Self.largePage)
      madvise(aligned, byteCount, MADV_HUGEPAGE)
      memory = .mapped(base, byteCount: mappedCount)
      start = aligned.bindMemory(to: Float.self, capacity: count)
      values = UnsafeMutableBufferPointer(start: start, count: count)
    } else {
      let allocated = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      memory = .allocated(allocated)
      start = allocated.bindMemory(to: Float.self, capacity: count)
      values = UnsafeMutableBufferPointer(start: start, count: count)
      values.initialize(repeating: 0)
    }
  }

  deinit {
    switch memory {
    case .allocated(let start): start.deallocate()
    case .mapped(let base, let byteCount): munmap(base, byteCount)
    }
  }
}
