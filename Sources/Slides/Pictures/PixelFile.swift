import Files
import Foundation

/// Pixels in a file without a name, which ends with this object or with the program: what a picture that can only be read
/// from its beginning to its end is unpacked into. The system keeps in memory what there is room for.
///
/// `@unchecked Sendable`: the mapping is this object's own, and its owner writes before others read.
final class PixelFile: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  static var folder: String { NSTemporaryDirectory() }

  /// - Throws: `FileFault` where there is no room; that is asked for at once, for a file that finds none later ends the
  ///   process.
  init(byteCount: Int) throws(FileFault) {
    var name = Array((Self.folder + "/tessera-pixels-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    unlink(name)
    let status = posix_fallocate(descriptor, 0, byteCount)
    guard status == 0 else { throw .system(code: status) }
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      throw .last
    }
    bytes = UnsafeMutableRawBufferPointer(start: base, count: byteCount)
  }

  deinit { munmap(bytes.baseAddress, bytes.count) }
}
