import Foundation

/// A whole-slide image in one of a project's slide folders.
package struct SlideFile: Sendable, Equatable {
  /// The file's name without its extension.
  package let name: String
  /// The source of the project.
  package let source: String
  package let path: String
}

extension Project {
  /// The slides in the slide folders of the sources and in their subfolders, sorted by name; of two with the same name in
  /// a source the first path counts.
  package func slideFiles(sources wanted: [String]? = nil) -> [SlideFile] {
    var files: [SlideFile] = []
    for source in sources where wanted?.contains(source.name) ?? true {
      guard let folder = source.slides else { continue }
      var seen: Set<String> = []
      for path in ProjectFiles.slidePaths(in: folder) {
        let name = WholeSlideImage.name(ofFile: path)
        if seen.insert(name).inserted { files.append(SlideFile(name: name, source: source.name, path: path)) }
      }
    }
    return files.sorted { ($0.name, $0.source) < ($1.name, $1.source) }
  }

  /// The regions of interest of a slide: where its source keeps them; nil if there are none.
  package func regionsFile(of slide: SlideFile) -> String? {
    guard let folder = sources.first(where: { $0.name == slide.source })?.regionsOfInterest else { return nil }
    let path = "\(folder)/\(slide.name).csv"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
