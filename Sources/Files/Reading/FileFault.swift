import Glibc

/// Why a file cannot be read or written. It names no file: who opened it knows the path.
package enum FileFault: Error, Sendable, Equatable {
  /// The system refused; `code` is its `errno`.
  case system(code: Int32)
  /// A folder, a pipe or a device.
  case notRegular
  case tooLarge(byteCount: Int, limit: Int)
  /// It is not what its format says; `what` is a clause, such as "it is cut off".
  case damaged(what: String)
  /// A form of its format that is not read; `what` is a clause.
  case unsupported(what: String)

  /// The reason for which the last system call of this thread failed.
  package static var last: FileFault { .system(code: errno) }

  package var isMissing: Bool { self == .system(code: ENOENT) }
}

extension FileFault: CustomStringConvertible {
  /// A clause without a full stop.
  package var description: String {
    switch self {
    case .system(let code): code == EISDIR ? "it is a folder" : String(cString: strerror(code))
    case .notRegular: "not a regular file"
    case .tooLarge(let byteCount, let limit): "it has \(byteCount) bytes, and at most \(limit) are read"
    case .damaged(let what), .unsupported(let what): what
    }
  }
}
