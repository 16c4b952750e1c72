import Foundation

/// What lies in a project's folders of slides and tiles.
package enum ProjectFiles {
  /// Endings of whole-slide images that are read.
  static let slideExtensions: Set<String> = [
    "svs", "tif", "tiff", "btf", "tf8", "qptiff", "ndpi", "vms", "vmu", "scn", "mrxs", "svslide", "bif", "dcm",
  ]
  /// Endings of plain pictures, which slideflow takes for slides too.
  private static let pictureExtensions: Set<String> = ["jpg", "jpeg", "png"]

  /// Of everything that is a slide to a project: what is read, and what is refused with the way out.
  static let allSlideExtensions = slideExtensions.union(pictureExtensions).union(ForeignSlide.endings)

  /// Which of several files of one name is the slide: the least. A picture beside a slide is its thumbnail, and a file that
  /// is not read what a slide was converted from.
  static func rank(_ path: String) -> Int {
    let ending = (path as NSString).pathExtension.lowercased()
    return ending == ForeignSlide.dcm.rawValue || !slideExtensions.contains(ending)
      ? pictureExtensions.contains(ending) ? 1 : 2 : 0
  }

  /// A folder of tile files, listed once.
  struct TileFolder {
    struct File {
      let slide: String
      let path: String
      /// The index beside it, of slideflow 3 or earlier.
      let indexPath: String?
      /// True if slideflow marked its extraction as interrupted.
      let isUnfinished: Bool
    }

    /// Sorted by slide.
    let files: [File]

    init(_ folder: String) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let all = Set(names)
      files = names.filter { $0.hasSuffix(TFRecordIndexes.ending) && $0.utf8.count > TFRecordIndexes.ending.utf8.count }
        .sorted()
        .map { name in
          let slide = String(name.dropLast(TFRecordIndexes.ending.count))
          let index = TFRecordIndexFile.endings.map { slide + $0 }.first(where: all.contains)
          return File(
            slide: slide, path: folder + "/" + name, indexPath: index.map { folder + "/" + $0 },
            isUnfinished: all.contains(slide + ".unfinished"))
        }
    }
  }

  /// The sizes for which a folder of tiles has a folder with tile files.
  static func tileSizes(in folder: String) -> [TileSize] {
    list(folder).compactMap { name in
      guard let size = TileSize(label: name),
        list(folder + "/" + name).contains(where: { $0.hasSuffix(TFRecordIndexes.ending) })
      else { return nil }
      return size
    }
  }

  /// The names of all slides of which there is a file: an image, or tiles of any size.
  static func slideNames(slides: [String], tfrecords: [String]) -> [String] {
    var names: Set<String> = []
    for folder in slides {
      names.formUnion(slidePaths(in: folder).map(WholeSlideImage.name(ofFile:)))
    }
    for folder in tfrecords {
      for size in tileSizes(in: folder) {
        names.formUnion(TileFolder(folder + "/" + size.label).files.map(\.slide))
      }
    }
    return names.sorted()
  }

  /// How many folders deep slides are looked for.
  static let deepest = 5
  /// Plain pictures deeper than this are tiles and thumbnails.
  private static let deepestPictures = 1

  /// Where slides were looked for, as a clause.
  package static let searched = "up to \(deepest) folders deep"

  /// Slide files in a folder and in the folders in it, sorted, those of the folder itself first. MIRAX slides keep their
  /// data in a folder of their name, in which there are none.
  static func slidePaths(in folder: String, endings: Set<String> = allSlideExtensions) -> [String] {
    var visited: Set<FileIdentity> = []
    return slidePaths(in: folder, endings: endings, depth: 0, visited: &visited)
  }

  private static func slidePaths(
    in folder: String, endings: Set<String>, depth: Int, visited: inout Set<FileIdentity>
  ) -> [String] {
    // A link may lead back.
    guard let identity = FileIdentity(folder), visited.insert(identity).inserted else { return [] }
    let entries = FolderEntry.list(folder).filter { !$0.name.hasPrefix(".") }
    func ending(_ name: String) -> String { (name as NSString).pathExtension.lowercased() }
    let endingsHere = depth > deepestPictures ? endings.subtracting(pictureExtensions) : endings
    let files = entries.filter { !$0.isFolder && endingsHere.contains(ending($0.name)) }
    var found = files.map { folder + "/" + $0.name }
    guard depth < deepest else { return found }
    let withData = Set(files.filter { ending($0.name) == "mrxs" }.map { ($0.name as NSString).deletingPathExtension })
    for entry in entries where entry.isFolder && !withData.contains(entry.name) {
      found += slidePaths(in: folder + "/" + entry.name, endings: endings, depth: depth + 1, visited: &visited)
    }
    return found
  }

  private static func list(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
