extension ArgumentReader {
  /// The system finds no longer ones.
  private static let longestPath = 4096

  /// A path with `~` replaced, checked as far as its role allows.
  mutating func path(_ scalar: ScalarSyntax, _ role: PathRole, parameter: String) throws(Diagnostic) -> String {
    let path = paths.expand(scalar.text)
    guard !path.isEmpty else {
      throw failure(.empty(parameter, noun: "path", instead: "PATH"), scalar.span)
    }
    guard path.utf8.count <= Self.longestPath else {
      throw failure(
        .unfit(
          parameter: parameter, expected: "a path of at most \(Self.longestPath) bytes", found: scalar.printed,
          instead: nil), scalar.span)
    }
    if !scalar.isQuoted, path.hasPrefix("~"), paths.find(path) == nil {
      throw failure(.otherHome(scalar.text, instead: paths.meantHome(path)), scalar.span)
    }
    if let problem = pathProblem(path, role, written: scalar.text) { throw failure(problem, scalar.span) }
    switch role {
    case .output, .outputOrFolder: outputPaths.append(path)
    default: break
    }
    return path
  }

  private func pathProblem(_ path: String, _ role: PathRole, written: String) -> LanguageError? {
    let found = paths.find(path)
    let isFolder = found.map(paths.files.isDirectory) ?? false
    switch role {
    case .existingFile(let extensions):
      if let found, isFolder {
        let shown = found == path ? written : found
        return .folderNotFile(shown, instead: file(in: found, extensions, shown))
      }
      if found == nil, path.contains("*") { return .pathPattern(instead: paths.first(matching: path, as: written)) }
      if found == nil, !missingFiles.mayAppear(path) {
        return .missingFile(written, nearest: paths.nearest(to: path, as: written))
      }
      return extensionProblem(path, extensions, written).map { _ in
        .unreadableExtension(written, allowed: extensions, nearest: sibling(of: path, extensions, written))
      }
    case .existingFileOrFolder(let extensions, let members, let explained, let schemes):
      if found == nil, schemes.contains(where: { written.hasPrefix($0) && written != $0 }) { return nil }
      if let found, isFolder {
        return (members + explained).contains { paths.files.exists(found + (found.hasSuffix("/") ? "" : "/") + $0) }
          ? nil : .folderWithout(found == path ? written : found, members: members, allowed: extensions)
      }
      // A folder that is made by then.
      if found == nil, PathSearch.fileExtension(of: path) == nil, missingFiles.mayAppear(path) { return nil }
      return pathProblem(path, .existingFile(extensions: extensions + explained), written: written).map { problem in
        guard case .unreadableExtension = problem else { return problem }
        return .unreadableExtension(written, allowed: extensions, nearest: sibling(of: path, extensions, written))
      }
    case .existing:
      guard found == nil, !missingFiles.mayAppear(path) else { return nil }
      return .missingFile(written, nearest: paths.nearest(to: path, as: written))
    case .existingDirectory, .directory:
      if found != nil, !isFolder { return .fileNotFolder(written, instead: nil) }
      if found == nil, path.contains("*") { return .pathPattern(instead: paths.first(matching: path, as: written)) }
      guard found == nil, !missingFiles.mayAppear(path) else { return nil }
      return .missingFolder(written, nearest: paths.nearest(to: path, as: written))
    case .outputOrFolder where paths.files.isDirectory(path): return nil
    case .outputOrFolder where PathSearch.fileExtension(of: path) == nil:
      return pathProblem(path, .output(extensions: []), written: written)
    case .output(let extensions), .outputOrFolder(let extensions):
      if let first = extensions.first, paths.files.isDirectory(path) {
        let file = Self.inside(written) + "\(subjectName ?? "result").\(first)"
        return .folderNotFile(written, instead: ScalarSyntax.spelling(of: file))
      }
      var folder = PathSearch.split(path).folder
      while folder.count > 1 {
        folder.removeLast()
        if paths.files.exists(folder) {
          if paths.files.isDirectory(folder) { return extensionProblem(path, extensions, written) }
          let beside = PathSearch.split(folder).folder + PathSearch.split(path).name
          return .fileNotFolder(folder, instead: ScalarSyntax.spelling(of: beside))
        }
        folder = PathSearch.split(folder).folder
      }
      return extensionProblem(path, extensions, written)
    }
  }

  private static func inside(_ folder: String) -> String { folder.hasSuffix("/") ? folder : folder + "/" }

  /// The first file in a folder that can be read.
  private func file(in folder: String, _ extensions: [String], _ written: String) -> String? {
    let names = paths.files.list(folder).sorted()
    let name = names.first { name in extensions.contains { name.lowercased().hasSuffix("." + $0) } }
    return name.map { ScalarSyntax.spelling(of: Self.inside(written) + $0) }
  }

  /// The first file in the same folder that can be read.
  private func sibling(of path: String, _ extensions: [String], _ written: String) -> String? {
    guard let found = paths.find(path) else { return nil }
    let folder = PathSearch.split(found).folder
    let names = paths.files.list(folder.isEmpty ? "." : folder).sorted()
    let name = names.first { name in extensions.contains { name.lowercased().hasSuffix("." + $0) } }
    return name.map { ScalarSyntax.spelling(of: PathSearch.split(written).folder + $0) }
  }

  private func extensionProblem(_ path: String, _ allowed: [String], _ written: String) -> LanguageError? {
    guard !allowed.isEmpty else { return nil }
    if let own = PathSearch.fileExtension(of: path), allowed.contains(own) { return nil }
    let name = PathSearch.split(path).name.lowercased()
    // Endings of two parts, as in `.ome.tiff`.
    return allowed.contains { name.hasSuffix("." + $0) } ? nil : .unfitExtension(written, allowed: allowed)
  }
}

/// Which missing files may have been made by the time a statement runs.
struct MissingFiles {
  /// True after a statement that makes files that it does not name.
  var anyMayAppear = false
  /// Paths that earlier statements write.
  var outputs: [String] = []

  func mayAppear(_ path: String) -> Bool {
    anyMayAppear || outputs.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
  }
}
