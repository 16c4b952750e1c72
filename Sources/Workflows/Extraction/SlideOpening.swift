import FeatureData
import Slides

/// Finds and opens slides, each looked at by a process of its own first.
package enum SlideOpening {
  static func open(_ path: String, monitor: any WorkMonitor) throws -> WholeSlideImage {
    try Reporting.run(parameter: "slide") {
      try Probe.check(.slide, path, monitor: monitor)
      return try WholeSlideImage(path: path)
    }
  }

  /// A slide as it is asked for.
  package enum Asked: Sendable {
    case open(StudySlide)
    /// By its name in the study.
    case named(String)
    case file(String)

    package var opened: StudySlide? { if case .open(let slide) = self { slide } else { nil } }
  }

  /// What an asked slide is: the image, its regions of interest, and the folders in which the study keeps regions.
  struct Found {
    let image: WholeSlideImage
    let regions: RegionsOfInterest?
    let regionFolders: [String]
    /// Files of regions of the slide that are not read.
    let unreadRegions: [String]
  }

  /// - Parameter regionsPath: of regions of interest; nil for those of the study.
  static func find(
    _ asked: Asked, regionsPath: String?, study: Study?, monitor: any WorkMonitor
  ) throws -> Found {
    let path: String
    var regionsPath = regionsPath
    var folders: [String] = []
    var unread: [String] = []
    switch asked {
    case .open(let opened):
      let given = try regions(regionsPath, of: opened.slide, monitor: monitor)
      return Found(
        image: opened.slide, regions: given ?? opened.regions, regionFolders: regionFolders(of: opened.study),
        unreadRegions: given == nil ? opened.unreadRegions : [])
    case .named(let name):
      let file = try file(of: name, in: study)
      path = file.path
      if regionsPath == nil, let files = study?.project.regionFiles(of: file) {
        regionsPath = files.path
        unread = files.others
      }
      folders = regionFolders(of: study)
    case .file(let asked): path = PathResolution.existing(asked, in: study.map { [$0.project.folder] } ?? [])
    }
    let image = try open(path, monitor: monitor)
    return Found(
      image: image, regions: try regions(regionsPath, of: image, monitor: monitor), regionFolders: folders,
      unreadRegions: unread)
  }

  private static func regionFolders(of study: Study?) -> [String] {
    study?.project.sources.compactMap(\.regionsOfInterest).map(\.withShortPaths) ?? []
  }

  /// The file of a slide of the project.
  static func file(of name: String, in study: Study?) throws(WorkflowFailure) -> SlideFile {
    guard let study else {
      throw WorkflowFailure(
        "\(name) is the name of a slide, and no project is open that could have it.", remedy: "slide ./\(name).svs",
        parameter: "slide")
    }
    let files = study.project.slideFiles()
    if let file = files.first(where: { $0.name == name }) {
      do throws(ProjectError) { try file.checkUnambiguous() } catch {
        throw WorkflowFailure(
          error.description.withShortPaths, remedy: error.remedy?.withShortPaths, parameter: "slide")
      }
      return file
    }
    let folders = study.project.sources.compactMap(\.slides).map(\.withShortPaths)
    let near = files.lazy.compactMap { file in NearName(name, file.name).map { (file, $0) } }.first
    let difference = near.map { file, pair in
      " \(file.path.withShortPaths) is called \(file.name), and differs by "
        + "\(pair.differences.map(\.words).joined(separator: " and "))."
    }
    let missing = study.project.missingFolders(.slides)
    throw WorkflowFailure(
      "There is no file of slide \(name) in "
        + (folders.isEmpty
          ? "the project: no source names a folder of slides."
          : folders.joined(separator: ", ") + ", \(ProjectFiles.searched).") + (difference ?? "")
        + MissingFolder.sentences(missing).map { " " + $0.withShortPaths }.joined(),
      remedy: near.map { "slide '\($0.0.path.withShortPaths)'" } ?? missing.lazy.compactMap(\.remedy).first
        ?? files.first.map { "slide \($0.name)" },
      parameter: "slide")
  }

  /// The regions of interest in a file, counted from the corner of the whole slide; nil without one.
  static func regions(
    _ path: String?, of slide: WholeSlideImage, monitor: any WorkMonitor
  ) throws -> RegionsOfInterest? {
    try path.map { path in
      try Reporting.run(parameter: "roi") {
        try RegionsOfInterest(path: path, monitor: monitor).placed(on: slide.scannedPart)
      }
    }
  }
}
