import Glibc

/// A file that does not yet have its name; it is removed if it never gets it.
package struct UnfinishedFile: ~Copyable {
  package let path: String
  private let temporaryPath: String
  /// Open for reading and writing, for a library that writes by itself; what was appended may not yet be there.
  package private(set) var descriptor: Int32
  private var pending: [UInt8] = []

  private static let pendingByteCount = 1 << 20

  package init(path: String) throws(FileFault) {
    self.path = path
    temporaryPath = WholeFile.temporaryPath(of: path)
    descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporaryPath)
    }
  }

  package mutating func append(_ bytes: [UInt8]) throws(FileFault) {
    pending += bytes
    if pending.count >= Self.pendingByteCount { try flush() }
  }

  /// Gives the file its name.
  package mutating func finish() throws(FileFault) {
    try flush()
    // The name must not reach the disk before the content does.
    var fault: FileFault? = fdatasync(descriptor) == 0 ? nil : .last
    if close(descriptor) != 0, fault == nil { fault = .last }
    descriptor = -1
    if let fault {
      unlink(temporaryPath)
      throw fault
    }
    try WholeFile.name(temporaryPath, path)
  }

  private mutating func flush() throws(FileFault) {
    try OpenFile(descriptor).write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
