import Glibc

/// A regular file mapped read-only into memory.
///
/// `@unchecked Sendable`: the mapping is private, read-only and lives as long as the object, and "mmap(2)" makes
/// no difference between the threads of a process.
final class MappedFile: @unchecked Sendable {
  let path: String
  let byteCount: Int
  let bytes: UnsafeRawBufferPointer
  let stamp: ReadableFile.Stamp
  private let descriptor: Int32

  init(path: String) throws(SlidesError) {
    let (descriptor, status) = try ReadableFile.open(path)
    let byteCount = Int(status.st_size)
    if byteCount == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    } else {
      guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        throw .cannotOpen(path: path, reason: reason)
      }
      bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
    }
    stamp = ReadableFile.Stamp(status)
    self.path = path
    self.byteCount = byteCount
    self.descriptor = descriptor
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }
    close(descriptor)
  }

  /// Where the next bytes at or behind an offset are that the file system holds; what lies before are zeros that take
  /// no room on the disk. Nil if there are none.
  func dataOffset(from offset: Int) -> Int? {
    // SEEK_DATA, which Swift's Glibc does not import.
    let found = lseek(descriptor, off_t(offset), 3)
    return found >= 0 ? Int(found) : errno == ENXIO ? nil : offset
  }

  /// False once the file is shorter than when it was mapped: touching the lost pages would end the process.
  var isWhole: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Int(status.st_size) >= byteCount
  }
}
