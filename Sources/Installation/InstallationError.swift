/// What can go wrong while the kernel is installed.
package enum InstallationError: Error, Sendable, Equatable, CustomStringConvertible {
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case notAnExecutable(path: String, reason: String)
  case noHome
  case librariesUnavailable(reason: String)

  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .notAnExecutable(let path, let reason): "\(path) is no program that can be installed: \(reason)."
    case .noHome: "HOME is not set, so there is no place for the user's kernels; give --prefix DIR."
    case .librariesUnavailable(let reason): "A library that the kernel needs does not load: \(reason)"
    }
  }
}
