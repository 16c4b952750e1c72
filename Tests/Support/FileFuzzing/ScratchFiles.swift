import Foundation
import Glibc

/// A folder for the files of one case after the other.
package final class ScratchFiles {
  let path: String
  private var names: Set<String> = []

  package init(folder: String) throws {
    path = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes the files of the case before.
  func empty() {
    for name in names { unlink(path + "/" + name) }
    names = []
  }

  func makeFolder(_ name: String) {
    try? FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
  }

  /// Files in a folder that the tested code writes to.
  func empty(folder name: String) {
    for file in (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + name)) ?? [] {
      unlink("\(path)/\(name)/\(file)")
    }
  }

  @discardableResult func write(_ bytes: [UInt8], as name: String) -> String {
    let file = path + "/" + name
    names.insert(name)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    var written = 0
    while written < bytes.count {
      let step = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard step > 0 else { break }
      written += step
    }
    close(descriptor)
    return file
  }
}
