/// The file system as far as the language looks at it: to check paths and to complete them.
package protocol FileLooker: Sendable {
  /// True if a file or a folder is there; a relative path is relative to the working folder.
  func exists(_ path: String) -> Bool
  func isDirectory(_ path: String) -> Bool
  /// The names in a folder, in any order; empty if it cannot be read.
  func list(_ folder: String) -> [String]
  /// What `~` stands for.
  var homeFolder: String { get }
  /// What `~name` stands for; nil if there is no such user.
  func homeFolder(of user: String) -> String?
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

  /// What is in a folder given as typed, each name once, in the order of the places where it is looked for.
  func names(in folder: String) -> [(name: String, isFolder: Bool)] {
    var seen: Set<String> = []
    return (folder.isEmpty ? [""] + folders.map { $0 + "/" } : candidates(for: expand(folder))).flatMap { place in
      files.list(place.isEmpty ? "." : place).sorted().filter { !$0.hasPrefix(".") && seen.insert($0).inserted }
        .map { ($0, files.isDirectory(place + $0)) }
    }
  }

  func expand(_ path: String) -> String {
    if path == "~" { return files.homeFolder }
    if path.hasPrefix("~/") { return files.homeFolder + path.dropFirst() }
    guard path.hasPrefix("~") else { return path }
    let user = path.dropFirst().prefix { $0 != "/" }
    return files.homeFolder(of: String(user)).map { $0 + path.dropFirst(1 + user.count) } ?? path
  }

  /// Where a path, already expanded, is found; nil if nowhere.
  func find(_ path: String) -> String? { candidates(for: path).first(where: files.exists) }

  func candidates(for path: String) -> [String] {
    guard !path.hasPrefix("/") else { return [path] }
    return [path] + folders.map { $0 + ($0.hasSuffix("/") ? "" : "/") + path }
  }

  /// The path as given, with its last part replaced by the nearest name that exists in the folder; failing that, a
  /// file of the same name in a folder nearby.
  func nearest(to path: String, as written: String) -> String? {
    likeIt(path, as: written) ?? elsewhere(path)
  }

  /// `~studies` for `~/studies`, where that is no user's home: the path as it was probably meant.
  func meantHome(_ path: String) -> String? {
    let inHome = "~/" + path.dropFirst()
    return files.exists(expand(inHome)) ? ScalarSyntax.spelling(of: inHome) : nil
  }

  /// A file of the name one or two folders below those in which relative paths are looked for.
  private func elsewhere(_ path: String) -> String? {
    let name = Self.split(path).name
    guard !path.hasPrefix("/"), !name.isEmpty else { return nil }
    var looked = 0
    var found: [String] = []
    for root in [""] + folders.map({ $0.hasSuffix("/") ? $0 : $0 + "/" }) {
      var level = [""]
      for _ in 0..<2 {
        var next: [String] = []
        for folder in level {
          for entry in files.list(root + folder == "" ? "." : root + folder).sorted() where !entry.hasPrefix(".") {
            looked += 1
            guard looked < 2_000 else { return found.min { $0.count < $1.count } }
            let below = folder + entry
            guard files.isDirectory(root + below) else { continue }
            if files.exists(root + below + "/" + name) { found.append(ScalarSyntax.spelling(of: below + "/" + name)) }
            next.append(below + "/")
          }
        }
        level = next
      }
    }
    return found.min { $0.count < $1.count }
  }

  private func likeIt(_ path: String, as written: String) -> String? {
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
