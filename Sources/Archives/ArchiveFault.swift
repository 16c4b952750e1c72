/// Why an archive, or an array in one, cannot be read. Each text is a clause without a full stop.
package enum ArchiveFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Reading or writing failed; the reason is the system's.
  case system(reason: String)
  case damaged(what: String)
  case unsupported(what: String)

  package var description: String {
    switch self {
    case .system(let clause), .damaged(let clause), .unsupported(let clause): clause
    }
  }
}
