import Glibc

/// What a child has done, in a file that outlives it.
struct Progress {
  /// The seed of the case that it is at.
  var seed: UInt64 = 0
  var cases: UInt64 = 0
  var findings: UInt64 = 0
  var slowestSeed: UInt64 = 0
  var slowestMicroseconds: UInt64 = 0

  func write(to descriptor: Int32) { _ = withUnsafeBytes(of: self) { pwrite(descriptor, $0.baseAddress, $0.count, 0) } }

  static func read(_ path: String) -> Progress {
    var progress = Progress()
    let descriptor = open(path, O_RDONLY)
    _ = withUnsafeMutableBytes(of: &progress) { pread(descriptor, $0.baseAddress, $0.count, 0) }
    close(descriptor)
    return progress
  }
}
