import Glibc

/// A small file that may also be a pipe, such as a shell makes for `<(…)`.
package enum PipedFile {
  /// In milliseconds; an ordinary file is always ready.
  private static let patience: Int32 = 2000

  /// All its bytes.
  ///
  /// - Parameter limit: a larger file counts as unreadable.
  package static func contents(path: String, limit: Int = 1 << 30) throws(FileFault) -> [UInt8] {
    // A pipe without a writer would else be waited for without end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&item, 1, patience) == 0 { throw .unsupported(what: "nothing was written to this pipe") }
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .last
      }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > limit { throw .unsupported(what: "larger than \(limit) bytes") }
    }
  }
}
