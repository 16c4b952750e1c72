import FeatureData
import Slides

/// Finds and opens slides, each looked at by a process of its own first.
enum SlideOpening {
  static func open(_ path: String, monitor: any WorkMonitor) throws -> WholeSlideImage {
    try Reporting.run(parameter: "slide") {
      try Probe.check(.slide, path, monitor: monitor)
      return try WholeSlideImage(path: path)
    }
  }

  /// The slide that the argument `slide` means, as a value, by its name in the project or by its path; its regions of interest, which
  /// `roi` gives or the project has; and the folders in which the project keeps regions.
  static func asked(
    _ arguments: BoundArguments, study: Study?, monitor: any WorkMonitor
  ) throws -> (slide: WholeSlideImage, regions: RegionsOfInterest?, regionFolders: [String]) {
    let path: String
    var regionsPath = arguments.text("roi")
    var folders: [String] = []
    if let value = arguments.value("slide") as? StudySlide {
      let given = try regions(regionsPath, monitor: monitor)
      return (value.slide, given ?? value.regions, Self.regionFolders(of: value.project))
    }
    if case .text(let name)? = arguments["slide"] {
      let file = try file(of: name, in: project)
      path = file.path
      regionsPath = regionsPath ?? study?.project.regionsFile(of: file)
      folders = regionFolders(of: project)
    } else {
      path = PathResolution.existing(
        arguments.text("slide") ?? "", in: project.map { [$0.project.folder] } ?? [])
    }
    return (try open(path, monitor: monitor), try regions(regionsPath, monitor: monitor), folders)
  }

  private static func regionFolders(of study: Study?) -> [String] {
    study?.project.sources.compactMap(\.regionsOfInterest).map(\.withShortPaths) ?? []
  }

  /// The file of a slide of the project.
  static func file(of name: String, in study: Study?) throws(WorkflowFailure) -> SlideFile {
    guard let project else {
      throw WorkflowFailure(
        "\(name) is the name of a slide, and no project is open that could have it.", remedy: "slide ./\(name).svs",
        parameter: "slide")
    }
    let files = study.project.slideFiles()
    if let file = files.first(where: { $0.name == name }) {
      do throws(ProjectError) { try file.checkUnambiguous() } catch {
        throw WorkflowFailure(error.description.withShortPaths, remedy: error.remedy?.withShortPaths, parameter: "slide")
      }
      return file
    }
    let folders = study.project.sources.compactMap(\.slides).map(\.withShortPaths)
    let near = files.lazy.compactMap { file in NearName(name, file.name).map { (file, $0) } }.first
    let difference = near.map { file, pair in
      " \(file.path.withShortPaths) is called \(file.name), and differs by "
        + "\(pair.differences.map(\.words).joined(separator: " and "))."
    }
    throw WorkflowFailure(
      "There is no file of slide \(name) in "
        + (folders.isEmpty
          ? "the project: no source names a folder of slides."
          : folders.joined(separator: ", ") + ", \(ProjectFiles.searched).") + (difference ?? ""),
      remedy: near.map { "slide '\($0.0.path.withShortPaths)'" } ?? files.first.map { "slide \($0.name)" },
      parameter: "slide")
  }

  /// The regions of interest in a file; nil without one.
  static func regions(_ path: String?, monitor: any WorkMonitor) throws -> RegionsOfInterest? {
    try path.map { path in
      try Reporting.run(parameter: "roi") {
        try RegionsOfInterest(path: path, monitor: monitor)
      }
    }
  }
}
