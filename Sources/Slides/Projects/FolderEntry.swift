import Glibc

/// A file or folder in a folder.
struct FolderEntry {
  let name: String
  /// True also for a link to a folder.
  let isFolder: Bool

  /// What lies in a folder, sorted by name; empty for what cannot be read. Files are not looked at one by one where the
  /// folder itself tells what they are, which counts on a network.
  static func list(_ folder: String) -> [FolderEntry] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while let entry = readdir(stream) {
      let kind = Int(entry.pointee.d_type)
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let isKnown = kind != Int(DT_UNKNOWN) && kind != Int(DT_LNK)
      entries.append(
        FolderEntry(
          name: name, isFolder: isKnown ? kind == Int(DT_DIR) : FileIdentity(folder + "/" + name)?.isFolder ?? false))
    }
    return entries.sorted { $0.name < $1.name }
  }
}
