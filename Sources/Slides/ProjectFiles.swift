import Foundation

/// What lies in a project's folders of slides and tiles.
enum ProjectFiles {
  /// Endings of whole-slide images that OpenSlide may know.
  static let slideExtensions: Set<String> = [
    "svs", "tif", "tiff", "ndpi", "vms", "vmu", "scn", "mrxs", "svslide", "bif", "dcm",
  ]
  /// Endings of plain pictures, which slideflow takes for slides too.
  private static let pictureExtensions: Set<String> = ["jpg", "jpeg", "png"]

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
    let endings = slideExtensions.union(pictureExtensions)
    for folder in slides {
      names.formUnion(slidePaths(in: folder, endings: endings).map(WholeSlideImage.name(ofFile:)))
    }
    for folder in tfrecords {
      for size in tileSizes(in: folder) {
        names.formUnion(TileFolder(folder + "/" + size.label).files.map(\.slide))
      }
    }
    return names.sorted()
  }

  /// Slide files in a folder and in the folders in it, sorted, those of the folder itself first. MIRAX slides keep their
  /// data in a folder of their name.
  static func slidePaths(in folder: String, endings: Set<String> = slideExtensions, depth: Int = 2) -> [String] {
    let entries = list(folder).filter { !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
    func ending(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }
    let folders = depth > 1 ? entries.filter { ending($0).isEmpty } : []
    return entries.filter { endings.contains(ending($0)) }
      + folders.flatMap { slidePaths(in: $0, endings: endings, depth: depth - 1) }
  }

  private static func list(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
