import Foundation

/// Finds the feature files of other programs in their folders.
package enum BagFolder {
  /// Folders of the same programs that hold something else.
  private static let otherFolders: Set<String> = [
    "patches", "masks", "stitches", "contours", "contours_geojson", "thumbnails", "visualization",
  ]
  /// CLAM's lists of what was done.
  private static let otherTables = ["process_list", "bags_manifest"]
  /// How many folders deep they are looked for.
  static let deepest = 4

  /// Files that belong to a feature file, whether they are there or not.
  package static func companions(of file: String) -> [String] {
    ForeignBagReaders.reader(of: file)?.companions(of: file) ?? []
  }

  /// The feature files under a folder, sorted by name, or the file itself where a file is named.
  ///
  /// In a folder without feature files of its own, those below are taken: CLAM's `h5_files` with the `pt_files` that have
  /// no equal among them, TRIDENT's `features_*`, STAMP's folder of an extractor, and folders of one file a slide.
  ///
  /// - Throws: `noFiles`, and `severalFolders` where files of several networks may lie side by side.
  package static func files(in folder: String) throws(BagError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw .cannotRead(path: folder, reason: "No such file or directory")
    }
    guard isFolder.boolValue else {
      guard ForeignBagReaders.reader(of: folder) != nil else { throw .unknownEnding(path: folder) }
      return [folder]
    }
    var groups: [(folder: String, files: [String])] = []
    gather(folder, depth: 0, into: &groups)
    guard groups.count > 1 else {
      guard let files = groups.first?.files else { throw .noFiles(folder: folder) }
      return files
    }
    // A folder a slide, each with its one file.
    if groups.allSatisfy({ $0.files.count == 1 && name($0.files[0]) != stem($0.files[0]) }) {
      return groups.flatMap(\.files).sorted()
    }
    throw .severalFolders(folder: folder, candidates: groups.map(\.folder).sorted())
  }

  private static func gather(_ folder: String, depth: Int, into groups: inout [(folder: String, files: [String])]) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let own = files(names, in: folder)
    if !own.isEmpty {
      groups.append((folder, own))
      return
    }
    if let pair = clam(names, in: folder) {
      groups.append((folder, pair))
      return
    }
    guard depth < deepest else { return }
    for name in names where !name.hasPrefix(".") && !otherFolders.contains(name) {
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { continue }
      gather(path, depth: depth + 1, into: &groups)
    }
  }

  /// Of several kinds of file those of the lowest rank, without what belongs to another of them.
  private static func files(_ names: [String], in folder: String) -> [String] {
    let ranked = names.compactMap { name -> (path: String, rank: Int)? in
      guard !name.hasPrefix("."), !name.lowercased().hasSuffix(".index.npz"),
        let rank = ForeignBagReaders.reader(of: name)?.rank, !otherTables.contains(where: { name.hasPrefix($0) })
      else { return nil }
      return (folder + "/" + name, rank)
    }
    guard let lowest = ranked.map(\.rank).min() else { return [] }
    let files = ranked.filter { $0.rank == lowest }.map(\.path)
    let owned = Set(files.flatMap(companions))
    return files.filter { !owned.contains($0) }
  }

  private static func clam(_ names: [String], in folder: String) -> [String]? {
    func listed(_ name: String) -> [String] {
      guard names.contains(name) else { return [] }
      let path = folder + "/" + name
      return files(((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted(), in: path)
    }
    let placed = listed("h5_files")
    let known = Set(placed.map(stem))
    let both = placed + listed("pt_files").filter { !known.contains(stem($0)) }
    return both.isEmpty ? nil : both
  }

  private static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// The slide's name, which differs from the file's where that is only "features".
  private static func name(_ path: String) -> String { ForeignBag.slide(ofFile: path) }
}
