import Glibc

/// The bytes of small files and of the beginnings of large ones.
enum FileBytes {
  static func prefix(of path: String, count: Int) throws(BagError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: path, reason: "it is not a regular file")
    }
    var bytes = [UInt8](repeating: 0, count: min(count, Int(status.st_size)))
    var filled = 0
    while filled < bytes.count {
      let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes[..<filled])
  }
}
