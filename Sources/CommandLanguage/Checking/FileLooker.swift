/// The file system as far as the language looks at it: to check paths and to complete them.
package protocol FileLooker: Sendable {
  /// True if a file or a folder is there; a relative path is relative to the working folder.
  func exists(_ path: String) -> Bool
  func isDirectory(_ path: String) -> Bool
  /// The names in a folder, in any order; empty if it cannot be read.
  func list(_ folder: String) -> [String]
  /// What `~` stands for.
  var homeFolder: String { get }
}

/// Paths as words: what they look like, and where they are looked for.
struct PathSearch {
  let files: any FileLooker
  /// Folders in which relative paths are looked for after the working folder.
  let folders: [String]

  /// True for a word that can only be a path: it has a `/`, or is `~` or dots.
  static func looksLikePath(_ word: String) -> Bool {
    word.contains("/") || word == "~" || word == "." || word == ".."
  }

  func expand(_ path: String) -> String {
    if path == "~" { return files.homeFolder }
    return path.hasPrefix("~/") ? files.homeFolder + path.dropFirst() : path
  }

  /// Where a path, already expanded, is found; nil if nowhere.
  func find(_ path: String) -> String? { candidates(for: path).first(where: files.exists) }

  func candidates(for path: String) -> [String] {
    guard !path.hasPrefix("/") else { return [path] }
    return [path] + folders.map { $0 + ($0.hasSuffix("/") ? "" : "/") + path }
  }

  /// The path as given, with its last part replaced by the nearest name that exists in the folder.
  func nearest(to path: String, as written: String) -> String? {
    let parts = Self.split(path)
    for candidate in candidates(for: path) {
      let folder = Self.split(candidate).folder
      let names = files.list(folder.isEmpty ? "." : folder).sorted()
      if let name = NearestName.nearest(to: parts.name, in: names) {
        return ScalarSyntax.spelling(of: Self.split(written).folder + name)
      }
    }
    return nil
  }

  /// The first path that a pattern with one `*` in its last part stands for.
  func first(matching pattern: String, as written: String) -> String? {
    let parts = Self.split(pattern)
    let ends = parts.name.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, !ends[1].contains("*") else { return nil }
    for candidate in candidates(for: pattern) {
      let folder = Self.split(candidate).folder
      let names = files.list(folder.isEmpty ? "." : folder).sorted()
      if let name = names.first(where: { !$0.hasPrefix(".") && $0.hasPrefix(ends[0]) && $0.hasSuffix(ends[1]) }) {
        let path = Self.split(written).folder + name
        return ScalarSyntax.spelling(of: path.contains("/") ? path : "./" + path)
      }
    }
    return nil
  }

  /// "a/b/c" as ("a/b/", "c").
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let next = path.index(after: slash)
    return (String(path[..<next]), String(path[next...]))
  }

  static func fileExtension(of path: String) -> String? {
    let name = split(path).name
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    return name[name.index(after: dot)...].lowercased()
  }
}
