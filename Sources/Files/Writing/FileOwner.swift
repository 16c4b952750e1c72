package import Glibc

/// Who writes a file: a process of a machine, for two machines on one folder may have the same numbers for their
/// processes.
package enum FileOwner {
  /// A short word for this machine.
  package static let host: String = {
    let hash = machine.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return String(hash, radix: 36)
  }()

  /// The machine's own name.
  package static let machine: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  package static func isAlive(_ process: pid_t) -> Bool { kill(process, 0) == 0 || errno != ESRCH }
}
