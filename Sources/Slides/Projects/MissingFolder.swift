import Foundation

/// A folder of a source that is not where the dataset configuration has it, as after a project was moved, and one that
/// may be it.
package struct MissingFolder: Sendable, Hashable {
  package enum Role: String, Sendable, CaseIterable {
    case tfrecords, slides, roi, tiles
  }

  package let source: String
  package let role: Role
  /// As it was looked for.
  package let path: String
  /// The file that names it.
  package let configuration: String
  /// A folder that holds such files, absolute; nil where none was found.
  package let found: String?
  /// That folder as the configuration would have it.
  package let spelled: String?

  /// What mends it; nil where no folder was found.
  package var remedy: String? {
    spelled.map {
      "Write \"\(role.rawValue)\": \"\($0)\" for source \(source) in \((configuration as NSString).lastPathComponent)."
    }
  }

  /// A sentence for each role: "The tfrecords folder of source S, /data/tiles, does not exist; /new/tfrecords does, and
  /// holds such files."
  package static func sentences(_ missing: [MissingFolder]) -> [String] {
    Role.allCases.compactMap { role in
      let ofRole = missing.filter { $0.role == role }
      guard let first = ofRole.first else { return nil }
      let same = ofRole.filter { $0.path == first.path }
      let others = Set(ofRole.map(\.path)).subtracting([first.path]).sorted()
      let sources = same.map(\.source).joined(separator: ", ")
      var text =
        "The \(role.rawValue) folder of source\(same.count == 1 ? "" : "s") \(sources), \(first.path), does not exist"
      if !others.isEmpty {
        text += ", nor do \(others.prefix(3).joined(separator: ", "))\(others.count > 3 ? ", …" : "")"
      }
      return text + (ofRole.lazy.compactMap(\.found).first.map { "; \($0) does, and holds such files." } ?? ".")
    }
  }
}

extension Project {
  /// The folders of the sources that are not there, of those that seem to be meant for files: a folder inside the project
  /// that nothing was put into yet is none of them.
  ///
  /// - Complexity: a look at each folder; where one is missing, a search of the project's own folders, two deep.
  package var missingFolders: [MissingFolder] {
    let missing = sources.flatMap { source in
      source.folders.compactMap { role, path -> MissingFolder? in
        guard FileIdentity(path.resolved(in: folder))?.isFolder != true else { return nil }
        let found = lookalike(of: path, role)
        guard path.isAbsolute || found != nil else { return nil }
        return MissingFolder(
          source: source.name, role: role, path: path.resolved(in: folder), configuration: configurationPath,
          found: found, spelled: found.map { WrittenPath.spelled($0, in: folder) })
      }
    }
    // Nothing is read from the folder of single tiles: alone it is not missed.
    return missing.allSatisfy { $0.role == .tiles } ? [] : missing
  }

  package func missingFolders(_ role: MissingFolder.Role) -> [MissingFolder] {
    missingFolders.filter { $0.role == role }
  }

  private func lookalike(of path: WrittenPath, _ role: MissingFolder.Role) -> String? {
    func holds(_ candidate: String) -> Bool {
      switch role {
      case .tfrecords: return !ProjectFiles.tileSizes(in: candidate).isEmpty
      case .slides: return !ProjectFiles.slidePaths(in: candidate).isEmpty
      case .roi:
        return FolderEntry.list(candidate).contains { entry in
          !entry.isFolder && ["csv", "geojson", "json", "xml"].contains((entry.name as NSString).pathExtension)
        }
      case .tiles: return FileIdentity(candidate)?.isFolder == true
      }
    }
    if let found = path.candidates(from: folder).first(where: holds) { return found }
    // Tiles are known by their folders whatever the name; slides and regions only in a folder that is called so.
    let inside = FolderEntry.list(folder).filter { $0.isFolder && !$0.name.hasPrefix(".") }.prefix(50)
      .map { folder + "/" + $0.name }
    let deeper = inside.flatMap { outer in
      FolderEntry.list(outer).filter(\.isFolder).prefix(50).map { outer + "/" + $0.name }
    }
    return (inside + deeper).first { candidate in
      (role == .tfrecords || (candidate as NSString).lastPathComponent.lowercased() == role.rawValue)
        && holds(candidate)
    }
  }
}
