import Glibc

/// A regular file that is read in pieces, at any place.
struct ReadableFile: ~Copyable {
  /// What tells one state of a file from another.
  struct Stamp: Sendable, Hashable {
    let byteCount: Int
    let seconds: Int
    let nanoseconds: Int
    let inode: Int
  }

  /// The system's words for a file that is not there.
  static let missing = String(cString: strerror(ENOENT))

  let path: String
  let stamp: Stamp
  private let descriptor: Int32

  /// - Throws: `SlidesError.cannotOpen`.
  init(path: String) throws(SlidesError) {
    let (descriptor, status) = try Self.open(path)
    self.path = path
    self.descriptor = descriptor
    stamp = Stamp(status)
  }

  deinit { close(descriptor) }

  /// Opens a file for reading if it is a regular one.
  static func open(_ path: String) throws(SlidesError) -> (descriptor: Int32, status: stat) {
    // A pipe would be waited for until somebody writes to it; of a regular file the flag changes nothing.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .cannotOpen(path: path, reason: "not a regular file")
    }
    return (descriptor, status)
  }

  var byteCount: Int { stamp.byteCount }

  /// The bytes from an offset on: as many as asked for, fewer only at the file's end; nil if they cannot be read.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    guard offset >= 0, count >= 0 else { return nil }
    let available = min(count, max(0, byteCount - offset))
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: available) { buffer, filled in
      while filled < available {
        let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, available - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          isWhole = got == 0
          return
        }
        filled += got
      }
    }
    return isWhole ? bytes : nil
  }

  /// The whole file.
  /// - Throws: `cannotOpen` if it is larger than the limit or cannot be read.
  func contents(limit: Int) throws(SlidesError) -> [UInt8] {
    guard byteCount <= limit else {
      throw .cannotOpen(path: path, reason: "it has \(byteCount) bytes, and at most \(limit) are read")
    }
    guard let bytes = bytes(at: 0, count: byteCount) else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    return bytes
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
