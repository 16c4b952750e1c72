import Glibc

/// The beginning of a file mapped read-only into memory, for as long as this object lives.
///
/// `@unchecked Sendable`: the mapping is private and read-only, and "mmap(2)" makes no difference between the threads of
/// a process.
package final class MappedRegion: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// - Parameters:
  ///   - descriptor: of an open file, which may be closed afterwards.
  ///   - byteCount: no more than the file has.
  package init(_ descriptor: Int32, byteCount: Int) throws(FileFault) {
    guard byteCount > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw .last
    }
    bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
  }

  deinit { if let base { munmap(base, bytes.count) } }

  /// Lets the pages that were read count no more as this process's memory; they stay in the system's cache of the file.
  package func giveBackPages() { if let base { madvise(base, bytes.count, MADV_DONTNEED) } }

  private var base: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(mutating: bytes.baseAddress) }
}
