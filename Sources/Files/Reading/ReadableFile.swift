import Glibc

/// A regular file that is read in pieces, at any place.
package struct ReadableFile: ~Copyable {
  /// What tells one state of a file from another.
  package struct Stamp: Sendable, Hashable {
    package let byteCount: Int
    package let seconds: Int
    package let nanoseconds: Int
    package let inode: Int
  }

  package let stamp: Stamp
  private let file: OpenFile

  package init(path: String) throws(FileFault) {
    let (descriptor, status) = try Self.open(path)
    file = OpenFile(descriptor)
    stamp = Stamp(status)
  }

  deinit { close(file.descriptor) }

  /// Opens a file for reading if it is a regular one.
  static func open(_ path: String) throws(FileFault) -> (descriptor: Int32, status: stat) {
    // A pipe would be waited for until somebody writes to it; of a regular file the flag changes nothing.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notRegular
    }
    return (descriptor, status)
  }

  package var byteCount: Int { stamp.byteCount }

  /// The bytes from an offset on: as many as asked for, fewer only at the file's end.
  package func bytes(at offset: Int, count: Int) throws(FileFault) -> [UInt8] {
    guard offset >= 0, count >= 0 else { return [] }
    var fault: FileFault?
    let available = min(count, max(0, byteCount - offset))
    let bytes = [UInt8](unsafeUninitializedCapacity: available) { buffer, filled in
      do throws(FileFault) {
        filled = try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<available]),
          at: offset)
      } catch { fault = error }
    }
    if let fault { throw fault }
    return bytes
  }

  /// Fills a buffer from an offset on; returns the bytes read, fewer than it holds only at the file's end.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
    try file.read(into: buffer, at: offset)
  }

  /// The whole file.
  package func contents(limit: Int) throws(FileFault) -> [UInt8] {
    guard byteCount <= limit else { throw .tooLarge(byteCount: byteCount, limit: limit) }
    return try bytes(at: 0, count: byteCount)
  }
}

extension ReadableFile.Stamp {
  init(_ status: stat) {
    byteCount = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    inode = Int(bitPattern: UInt(status.st_ino))
  }
}
