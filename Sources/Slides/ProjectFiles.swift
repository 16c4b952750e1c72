import Foundation

/// What lies in a project's folders of slides and tiles.
enum ProjectFiles {
  /// Endings of whole-slide images.
  static let slideExtensions: Set<String> = [
    "svs", "tif", "tiff", "ndpi", "vms", "vmu", "scn", "mrxs", "svslide", "bif", "dcm", "jpg", "jpeg", "png",
  ]

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
    for folder in slides { names.formUnion(images(in: folder, depth: 2)) }
    for folder in tfrecords {
      for size in tileSizes(in: folder) {
        names.formUnion(TileFolder(folder + "/" + size.label).files.map(\.slide))
      }
    }
    return names.sorted()
  }

  /// Slides in a folder and the folders in it.
  private static func images(in folder: String, depth: Int) -> [String] {
    list(folder).flatMap { name -> [String] in
      let ending = (name as NSString).pathExtension.lowercased()
      if slideExtensions.contains(ending), !name.hasPrefix(".") { return [(name as NSString).deletingPathExtension] }
      return depth > 1 && ending.isEmpty ? images(in: folder + "/" + name, depth: depth - 1) : []
    }
  }

  private static func list(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
