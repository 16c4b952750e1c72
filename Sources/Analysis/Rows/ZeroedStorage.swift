import Glibc

/// Numbers in memory of their own, at an address that stays: for what many threads fill and read at once.
final class ZeroedStorage<Element: BitwiseCopyable>: @unchecked Sendable {
  // Written only while it is being filled, each place by one thread.
  let values: UnsafeMutableBufferPointer<Element>
  /// Where they begin.
  var start: UnsafeMutablePointer<Element> { values.baseAddress! }
  private let memory: Memory

  private enum Memory {
    case allocated(UnsafeMutableRawPointer)
    case mapped(UnsafeMutableRawPointer, byteCount: Int)
  }

  private static var largePage: Int { 1 << 21 }

  /// Zeros, at a multiple of 64 bytes.
  ///
  /// Much memory is mapped from the system, which gives zeros where they are first touched, and in large pages if it
  /// can: rows are visited in no order, and the processor then looks up fewer addresses.
  init(count: Int) {
    let byteCount = max(64, count * MemoryLayout<Element>.size)
    let mappedCount = byteCount + Self.largePage
    if byteCount >= 2 * Self.largePage,
      let base = mmap(nil, mappedCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED
    {
      let start = base.alignedUp(toMultipleOf: Self.largePage)
      madvise(start, byteCount, MADV_HUGEPAGE)
      memory = .mapped(base, byteCount: mappedCount)
      values = UnsafeMutableBufferPointer(start: start.bindMemory(to: Element.self, capacity: count), count: count)
    } else {
      let start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      memory = .allocated(start)
      values = UnsafeMutableBufferPointer(start: start.bindMemory(to: Element.self, capacity: count), count: count)
    }
  }

  deinit {
    switch memory {
    case .allocated(let start): start.deallocate()
    case .mapped(let base, let byteCount): munmap(base, byteCount)
    }
  }
}
