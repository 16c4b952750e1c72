import Foundation

/// A whole-slide image in one of a project's slide folders.
package struct SlideFile: Sendable, Equatable {
  /// The file's name without its extension.
  package let name: String
  /// The source of the project.
  package let source: String
  package let path: String
  /// Other files of that name; not other paths to the same one.
  package internal(set) var twins: [String] = []

  /// - Throws: `twoSlideFiles` where there are several files of its name, and they are not the same byte for byte: which
  ///   of them is meant cannot be known.
  package func checkUnambiguous() throws(ProjectError) {
    if let twin = twins.first(where: { !SlideCopy.areEqual(path, $0) }) {
      throw .twoSlideFiles(slide: name, first: path, second: twin)
    }
  }

  /// False where its name stands for files that differ.
  package var isUnambiguous: Bool { twins.allSatisfy { SlideCopy.areEqual(path, $0) } }
}

extension Project {
  /// The slides in the slide folders of the sources and in the folders in them, sorted by name, each once: the first file
  /// of a name in the first source, and beside it the others of that name. A thumbnail beside a slide is none, nor is what
  /// a slide was converted from.
  package func slideFiles(sources wanted: [String]? = nil) -> [SlideFile] {
    var files: [String: SlideFile] = [:]
    for source in sources where wanted?.contains(source.name) ?? true {
      guard let folder = source.slides else { continue }
      for path in ProjectFiles.slidePaths(in: folder) {
        let name = WholeSlideImage.name(ofFile: path)
        guard let first = files[name] else {
          files[name] = SlideFile(name: name, source: source.name, path: path)
          continue
        }
        let (rank, best) = (ProjectFiles.rank(path), ProjectFiles.rank(first.path))
        if rank != best {
          if rank < best { files[name] = SlideFile(name: name, source: source.name, path: path) }
          continue
        }
        if !([first.path] + first.twins).contains(where: { FileIdentity.isSame($0, path) }) {
          files[name]?.twins.append(path)
        }
      }
    }
    return files.values.sorted { $0.name < $1.name }
  }

  /// The slides of each source by itself, also those that several share.
  package func slideFilesOfEachSource() -> [SlideFile] { sources.flatMap { slideFiles(sources: [$0.name]) } }
}
