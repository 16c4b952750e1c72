import Foundation

/// The pictures in a folder, by slide.
///
/// A folder in the one given is a slide and holds its tiles; or a class, where the folders in it are the slides; or the
/// tiles of several slides lie together and are told apart by their names.
struct LooseTileFolders {
  private(set) var slides: [(slide: String, tiles: [LooseTiles.Tile])] = []
  /// How slides were told apart, and what was passed over; sentences.
  private(set) var remarks: [String] = []
  /// Files that are no tiles, by their endings.
  private(set) var otherKinds: [String: Int] = [:]

  private let known: Set<String>

  init(_ folder: String, known: Set<String>) {
    self.known = known
    let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    let direct = pictures(folder)
    let outer = Self.folders(folder).map { (name: $0, tiles: pictures(folder + "/" + $0)) }
    let inner = outer.flatMap { outer in
      Self.folders(folder + "/" + outer.name).map { inner in
        (outer: outer.name, name: inner, tiles: pictures("\(folder)/\(outer.name)/\(inner)"))
      }
    }.filter { !$0.tiles.isEmpty }
    let filled = outer.filter { !$0.tiles.isEmpty }
    if !filled.isEmpty {
      takeFolders(filled)
      passOver(direct.count, "directly in the folder")
      passOver(inner.reduce(0) { $0 + $1.tiles.count }, "in folders below those of the slides")
    } else if !inner.isEmpty {
      takeInner(inner)
      passOver(direct.count, "directly in the folder")
    } else if !direct.isEmpty {
      takeTogether(direct, folderName: name, noun: "folder")
    }
    slides.sort { $0.slide < $1.slide }
  }

  /// Folders of tiles that are slides, or classes with the tiles of several slides.
  private mutating func takeFolders(_ folders: [(name: String, tiles: [LooseTiles.Tile])]) {
    let owners = Dictionary(uniqueKeysWithValues: folders.map { ($0.name, Self.owners($0.tiles)) })
    let areClasses =
      !folders.contains { known.contains($0.name) }
      && folders.contains { owners[$0.name]??.contains { known.contains($0) } == true }
    guard areClasses else {
      slides = folders.map { ($0.name, $0.tiles) }
      return
    }
    var tiles: [String: [LooseTiles.Tile]] = [:]
    for folder in folders {
      let owners = owners[folder.name] ?? nil
      for (index, tile) in folder.tiles.enumerated() {
        let owner = owners?[index] ?? ""
        tiles[owner.isEmpty ? folder.name : owner, default: []].append(tile)
      }
    }
    slides = tiles.map { ($0.key, $0.value) }
    remarks.append(
      "Slides are told by the names of the files; the folders \(AnnotationNote.list(folders.map(\.name))) are none of "
        + "the annotations, and are taken for classes, which the records do not keep.")
  }

  /// Folders two deep: CLASS/SLIDE, or SLIDE with a folder for its tiles.
  private mutating func takeInner(_ folders: [(outer: String, name: String, tiles: [LooseTiles.Tile])]) {
    let outerNames = Set(folders.map(\.outer))
    let innerNames = Set(folders.map(\.name))
    let knownOuter = outerNames.count(where: known.contains)
    let knownInner = innerNames.count(where: known.contains)
    // One name in all of them, such as `tiles`, is no slide's.
    let outerAreSlides =
      knownOuter != knownInner ? knownOuter > knownInner : innerNames.count == 1 && outerNames.count > 1
    var tiles: [String: [LooseTiles.Tile]] = [:]
    for folder in folders { tiles[outerAreSlides ? folder.outer : folder.name, default: []] += folder.tiles }
    slides = tiles.map { ($0.key, $0.value) }
    remarks.append(
      outerAreSlides
        ? "Slides are the outer folders, such as \(folders[0].outer)."
        : "Slides are the inner folders, such as \(folders[0].outer)/\(folders[0].name); what the outer ones "
          + "(\(AnnotationNote.list(outerNames.sorted()))) say is not kept in the records.")
  }

  /// Tiles of one slide, or of several that are told by the files' names.
  private mutating func takeTogether(_ tiles: [LooseTiles.Tile], folderName: String, noun: String) {
    guard !known.contains(folderName), let owners = Self.owners(tiles) else {
      slides = [(folderName, tiles)]
      return
    }
    let names = Set(owners.filter { !$0.isEmpty })
    guard names.contains(where: known.contains) || names.count > 1 else {
      slides = [(folderName, tiles)]
      return
    }
    var bySlide: [String: [LooseTiles.Tile]] = [:]
    for (owner, tile) in zip(owners, tiles) { bySlide[owner.isEmpty ? folderName : owner, default: []].append(tile) }
    slides = bySlide.map { ($0.key, $0.value) }
    remarks.append("Slides are told by the names of the files, such as \(names.sorted()[0]).")
  }

  /// What stands before the place in each name; nil where names tell no place.
  private static func owners(_ tiles: [LooseTiles.Tile]) -> [String]? {
    TileNamePlaces(tiles.map { (($0.path as NSString).lastPathComponent as NSString).deletingPathExtension })?.owners
      // What is written as a file's name must not lead elsewhere.
      .map { $0.hasPrefix(".") ? "" : $0 }
  }

  private mutating func passOver(_ count: Int, _ place: String) {
    if count > 0 { remarks.append("Passed over: \(count) \(count == 1 ? "picture" : "pictures") \(place).") }
  }

  private static func folders(_ folder: String) -> [String] {
    FolderEntry.list(folder).filter { $0.isFolder && !$0.name.hasPrefix(".") }.map(\.name)
  }

  /// In the order of their numbers.
  private mutating func pictures(_ folder: String) -> [LooseTiles.Tile] {
    let names = FolderEntry.list(folder).filter { !$0.isFolder && !$0.name.hasPrefix(".") }.map(\.name)
    var found: [String] = []
    for name in names {
      let ending = (name as NSString).pathExtension.lowercased()
      if LooseTiles.extensions.contains(ending) { found.append(name) } else { otherKinds[ending, default: 0] += 1 }
    }
    return found.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map {
      LooseTiles.Tile(path: folder + "/" + $0)
    }
  }
}
