import Foundation

/// A path as settings and dataset configurations have it, of this machine or of another.
struct WrittenPath {
  let text: String

  init(_ text: String) { self.text = text }

  /// True for a path with a drive or a server before it, as Windows has them: `C:\tiles`, `\\server\tiles`.
  var isOfWindows: Bool {
    if text.hasPrefix(#"\\"#) { return true }
    let start = Array(text.utf8.prefix(3))
    return start.count == 3 && (0x61...0x7A).contains(start[0] | 0x20) && start[1] == 0x3A
      && (start[2] == 0x5C || start[2] == 0x2F)
  }

  /// True for a path that does not begin in the project's folder.
  var isAbsolute: Bool { isOfWindows || text.hasPrefix("/") || text.hasPrefix("~") }

  /// Where it leads to from a folder: absolute; of Windows as it is written, for here it leads nowhere.
  func resolved(in folder: String) -> String {
    if isOfWindows { return text }
    let expanded = (slashed as NSString).expandingTildeInPath
    let absolute = expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
    return URL(fileURLWithPath: absolute).standardizedFileURL.path
  }

  /// The names of which it is made, without a drive and without dots.
  var components: [String] {
    var parts = slashed.split(separator: "/").map(String.init)
    if isOfWindows, parts.first?.hasSuffix(":") == true { parts.removeFirst() }
    return parts.filter { $0 != "." && $0 != ".." && $0 != "~" }
  }

  /// With slashes between the names: Windows writes them the other way, and a name with a backslash is hardly ever meant.
  private var slashed: String {
    isOfWindows || !text.contains("/") ? text.replacing(#"\"#, with: "/") : text
  }

  /// Files or folders that may be the one that is meant, where a project was moved: the last names of the path, as many
  /// as possible, in the project's folder, then beside it.
  func candidates(from folder: String) -> [String] {
    let parts = components.suffix(8)
    let tails = parts.indices.map { parts[$0...].joined(separator: "/") }
    let parent = (folder as NSString).deletingLastPathComponent
    return (tails.map { folder + "/" + $0 } + (parent.count > 1 ? tails.map { parent + "/" + $0 } : []))
  }

  /// How an absolute path is written in a project's files: inside the project relative to it, so that it can be moved.
  static func spelled(_ path: String, in folder: String) -> String {
    if path == folder { return "./" }
    return path.hasPrefix(folder + "/") ? "./" + path.dropFirst(folder.count + 1) : path
  }
}
