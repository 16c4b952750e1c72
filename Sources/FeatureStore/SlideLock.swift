import Files
import Glibc

/// The right to compute one slide, or to convert one network, which one process at a time has.
///
/// A file beside the slide's, held by `flock`: the system lets go of it when its process ends, however it ends, so nobody
/// waits for the dead. The file says who holds it and is removed when the work is done. Where a file system knows no
/// such locks every process may compute; files are still replaced whole, so only work is done twice.
package final class SlideLock: Sendable {
  package enum Outcome: Sendable {
    case held(SlideLock)
    /// Another process has it; in words, as in "process 4711 on node3".
    case taken(by: String)
  }

  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// - Throws: `cannotWrite`.
  package static func claim(_ path: String) throws(FeatureStoreError) -> Outcome {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        defer { close(descriptor) }
        return .taken(by: holder(descriptor))
      }
      // The former holder may have removed the file between the two calls: then another one has this name.
      var own = stat()
      var named = stat()
      guard fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino,
        own.st_dev == named.st_dev
      else {
        close(descriptor)
        continue
      }
      ftruncate(descriptor, 0)
      let words = Array("process \(getpid()) on \(FileOwner.machine)\n".utf8)
      _ = words.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      return .held(SlideLock(path: path, descriptor: descriptor))
    }
  }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n").first
    return text.map(String.init) ?? "another process"
  }

  deinit {
    // Removed while it is held: nobody else can have locked this very file.
    unlink(path)
    close(descriptor)
  }
}
