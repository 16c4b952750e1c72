import Glibc

/// Which file a path leads to: the same for all its names, through links, other spellings and other mounts of a folder.
struct FileIdentity: Hashable {
  let device: UInt64
  let number: UInt64
  let byteCount: Int
  let isFolder: Bool

  /// Nil where there is nothing.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    byteCount = isFolder ? 0 : Int(status.st_size)
  }

  static func isSame(_ path: String, _ other: String) -> Bool {
    if path == other { return true }
    guard let identity = FileIdentity(path) else { return false }
    return identity == FileIdentity(other)
  }
}
