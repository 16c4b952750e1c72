import Glibc

/// The bytes of a whole file.
///
/// - Parameter limit: a larger file counts as unreadable.
/// - Throws: the reason as the system words it.
package func fileBytes(path: String, limit: Int = 1 << 30) throws(FileFault) -> [UInt8] {
  // A pipe without a writer would else be waited for without end.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw FileFault.last }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&item, 1, pipePatience) == 0 { throw FileFault(reason: "nothing was written to this pipe") }
    let count = read(descriptor, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { continue }
      throw FileFault.last
    }
    bytes.append(contentsOf: chunk[..<count])
    if bytes.count > limit { throw FileFault(reason: "larger than \(limit) bytes") }
  }
}

/// In milliseconds; an ordinary file is always ready.
private let pipePatience: Int32 = 2000

/// Why a file could not be used.
package struct FileFault: Error, Equatable, Sendable, CustomStringConvertible {
  package let reason: String

  package init(reason: String) { self.reason = reason }

  package var description: String { reason }

  /// The reason for which the last system call of this thread failed.
  package static var last: FileFault { FileFault(reason: String(cString: strerror(errno))) }
}
