import FeatureData
import Foundation
import Slides

/// Regions that were drawn on slides, of a file or of a folder that has a file for each slide.
struct DrawnRegions {
  /// By the place of the slide among those of the features; counted from the corner of the whole slide.
  private(set) var bySlide: [Int: RegionsOfInterest] = [:]
  private(set) var remarks: [Remark] = []

  /// What could not be taken, a sentence a file.
  private var notes: [String] = []
  /// Slides of which nothing tells from which corner QuPath counts.
  private var withoutFile: [String] = []
  private let path: String
  private let features: FeatureSet
  private let files: SlideFiles
  private let monitor: any WorkMonitor

  /// - Parameters:
  ///   - classes: only regions of these; nil for all.
  ///   - slides: places of those whose tiles are asked about.
  init(
    _ path: String, classes: [String]?, of slides: [Int], in features: FeatureSet, monitor: any WorkMonitor
  ) throws {
    self.path = path
    self.features = features
    self.monitor = monitor
    files = SlideFiles(features.study)
    let paths = try Self.isFolder(path) ? inFolder(slides) : [slide(of: slides): path]
    for (slide, path) in paths.sorted(by: { $0.key < $1.key }) {
      try monitor.checkInterrupted()
      bySlide[slide] = try read(path, of: slide)
    }
    if let classes { try keep(classes) }
    remarks += notes.prefix(3).map { .warning($0) }
    if notes.count > 3 {
      remarks.append(.warning("And something of \((notes.count - 3).counted("other file")) could not be taken either."))
    }
    guard !withoutFile.isEmpty else { return }
    let names = withoutFile.prefix(5).joined(separator: ", ")
    remarks.append(
      .note(
        "There is no slide file of \(names)\(withoutFile.count > 5 ? ", … (\(withoutFile.count))" : ""), so regions are read as "
          + "from the corner of the whole slide; QuPath counts from that of the scanned part where a slide has one."))
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private func name(_ slide: Int) -> String { features.slides[slide].name }

  private func fileName(_ slide: Int) -> String? {
    files.file(of: name(slide)).map { ($0.path as NSString).lastPathComponent }
  }

  // MARK: Files

  private mutating func inFolder(_ slides: [Int]) throws(WorkflowFailure) -> [Int: String] {
    let folder = RegionFolder(path.hasSuffix("/") ? String(path.dropLast()) : path)
    var found: [Int: String] = [:]
    for slide in slides { found[slide] = folder.files(of: name(slide), file: fileName(slide)).path }
    guard !found.isEmpty else {
      throw WorkflowFailure(
        "\(path.withShortPaths) holds no regions of these slides: a file is called like its slide, as "
          + "\(name(slides.first ?? 0)).geojson.", parameter: "geojson")
    }
    let missing = slides.filter { found[$0] == nil }.map(name)
    if !missing.isEmpty {
      remarks.append(
        .note(
          "\(path.withShortPaths) has no regions of \(missing.prefix(5).joined(separator: ", "))"
            + "\(missing.count > 5 ? ", … (\(missing.count))" : ""), of which no tile is chosen."))
    }
    return found
  }

  /// The slide that a file is of: the one that is called like it, or the only one that is asked about.
  private mutating func slide(of slides: [Int]) throws(WorkflowFailure) -> Int {
    let file = (path as NSString).lastPathComponent
    let stem = (file as NSString).deletingPathExtension
    func isCalled(_ slide: Int) -> Bool {
      stem == name(slide) || stem == fileName(slide) || file == fileName(slide)
    }
    if let called = slides.first(where: isCalled) { return called }
    let other = features.slides.indices.first(where: isCalled)
    guard slides.count == 1, let only = slides.first else {
      throw WorkflowFailure(
        "\(file) does not tell by its name which slide it is of, and there are \(slides.count): "
          + "\(slides.prefix(5).map(name).joined(separator: ", "))\(slides.count > 5 ? ", …" : "").",
        remedy: slides.first.map { "slide=\(name($0))" }, parameter: "geojson")
    }
    remarks.append(
      other.map {
        .warning("\(file) is called like slide \(name($0)), and its regions are taken for those of \(name(only)).")
      }
        ?? .note("\(file) is taken for regions of slide \(name(only)), by whose name it is not called."))
    return only
  }

  private mutating func read(_ path: String, of slide: Int) throws -> RegionsOfInterest {
    let regions = try Reporting.run(parameter: "geojson") { try RegionsOfInterest(path: path, monitor: monitor) }
    if let sentence = RegionNote.sentence(regions.notes, path: path.withShortPaths) {
      notes.append(sentence)
    }
    guard regions.frame == .scannedPart else { return regions }
    // Only the slide tells from which corner QuPath counted.
    guard let file = files.file(of: name(slide)), file.isUnambiguous else {
      withoutFile.append(name(slide))
      return regions
    }
    let scanned = try SlideOpening.open(file.path, monitor: monitor).scannedPart
    if let scanned {
      remarks += PlaceFrame.remarks(onRegionsOf: [(name(slide), scanned.x, scanned.y, regions.frame)]).map { .note($0) }
    }
    return regions.placed(on: scanned)
  }

  // MARK: Classes

  private mutating func keep(_ classes: [String]) throws(WorkflowFailure) {
    var counts: [String: Int] = [:]
    var unclassed = 0
    for regions in bySlide.values {
      for (name, count) in regions.classes { counts[name, default: 0] += count }
      unclassed += regions.unclassedCount
    }
    let known = NaturalOrder.sorted(Array(counts.keys))
    if let missing = classes.first(where: { counts[$0] == nil }) {
      let listed = known.prefix(8).map { "\($0) (\(counts[$0] ?? 0))" }
      let rest = unclassed > 0 ? ["without a class (\(unclassed))"] : []
      throw WorkflowFailure(
        "No region of \(path.withShortPaths) has the class \(missing); there are "
          + (listed + rest).joined(separator: ", ") + (known.count > 8 ? ", …." : "."),
        remedy: known.count == 1 ? "class=\(known[0])" : nil, parameter: "class")
    }
    bySlide = bySlide.compactMapValues { $0.ofClasses(classes) }
  }
}
