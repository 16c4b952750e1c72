import Foundation

/// What a folder of regions of interest holds, listed once.
package struct RegionFolder: Sendable {
  /// The files of one slide.
  package struct Files: Sendable, Equatable {
    /// The one that is read; nil where there is none.
    package let path: String?
    /// Others that are called like the slide, and are not read.
    package let others: [String]

    package static let none = Files(path: nil, others: [])
  }

  package let path: String
  /// Names of files by what they are called without their ending.
  private let names: [String: [String]]

  package init(_ path: String) {
    self.path = path
    names = Dictionary(
      grouping: FolderEntry.list(path).filter { !$0.isFolder && !$0.name.hasPrefix(".") }.map(\.name), by: Self.stem)
  }

  /// A packed file is called like what is in it.
  private static func stem(_ name: String) -> String {
    let packed = ["gz", "zip", "bz2", "xz"].contains((name as NSString).pathExtension.lowercased())
    return WholeSlideImage.name(ofFile: packed ? WholeSlideImage.name(ofFile: name) : name)
  }

  /// The files that are read, by what they are called without their endings.
  ///
  /// - Parameter files: names of slide files; what is called after one of these is its slide's.
  func readFiles(besidesThoseOf files: Set<String>) -> [String: String] {
    names.compactMapValues { list in list.sorted().first(where: Self.isRead) }.filter { stem, name in
      !(files.contains(stem) && Self.isCalledAfterFiles(name))
    }
  }

  /// True for the endings that a folder is searched for.
  private static func isRead(_ name: String) -> Bool { rank(name) != nil }

  /// QuPath calls what it exports after the slide's file: A.svs.geojson.
  private static func isCalledAfterFiles(_ name: String) -> Bool {
    (name as NSString).pathExtension.lowercased() == RegionsOfInterest.Format.geojson.rawValue
  }

  private static func rank(_ name: String) -> Int? {
    let ending = (name as NSString).pathExtension.lowercased()
    return RegionsOfInterest.Format.allCases.firstIndex { $0.rawValue == ending }
  }

  /// - Parameter file: the name of the slide's file, where it is known.
  package func files(of slide: String, file: String? = nil) -> Files {
    let called = (names[slide] ?? []) + (file.flatMap { names[$0] } ?? []).filter(Self.isCalledAfterFiles)
    let ranked = called.compactMap { name in Self.rank(name).map { (name, $0) } }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    let chosen = ranked.first?.0
    return Files(
      path: chosen.map { path + "/" + $0 }, others: called.filter { $0 != chosen }.sorted().map { path + "/" + $0 })
  }
}

extension Project {
  /// The regions of interest of a slide: where its source keeps them.
  ///
  /// - Complexity: lists the folder; `RegionFolder` does so once for many slides.
  package func regionFiles(of slide: SlideFile) -> RegionFolder.Files {
    guard let folder = regionFolder(of: slide.source) else { return .none }
    return RegionFolder(folder).files(of: slide)
  }

  /// True where there are any, of whatever slide.
  package var hasRegions: Bool {
    sources.contains { $0.regionsOfInterest.map { !RegionFolder($0).readFiles(besidesThoseOf: []).isEmpty } ?? false }
  }

  package func regionFolder(of source: String) -> String? {
    sources.first { $0.name == source }?.regionsOfInterest
  }
}

extension RegionFolder {
  package func files(of slide: SlideFile) -> Files {
    files(of: slide.name, file: (slide.path as NSString).lastPathComponent)
  }
}
