import FeatureData
import Foundation
import Slides
import Synchronization

/// In which region of interest tiles lie, by their centres: the class of the innermost region around it, or the region's
/// name where it has no class. Regions are read when their slide is first asked for.
package final class TileRegions: Sendable {
  private let regions: @Sendable (String) throws -> RegionsOfInterest?
  private let known = Mutex<[String: RegionLocator?]>([:])
  /// Where regions were looked for, for messages.
  private let folders: [String]

  /// Those of a study's slides.
  init(_ study: Study) {
    let files = StudyRegionFiles(study)
    folders = study.project.sources.compactMap(\.regionsOfInterest).map(\.withShortPaths)
    regions = { try files.regions(of: $0) }
  }

  /// Those of one slide.
  init(_ slide: StudySlide) {
    folders = []
    let own = slide.regions
    regions = { _ in own }
  }

  /// Nil where the slide has none.
  func locator(of slide: String) throws -> RegionLocator? {
    if let found = known.withLock({ $0[slide] }) { return found }
    let found = try Reporting.run { try regions(slide).map { RegionLocator($0) } }
    known.withLock { $0[slide] = .some(found) }
    return found
  }

  /// - Parameter place: a tile's centre, in pixels of level 0.
  /// - Returns: nil for a tile that lies in no region.
  func label(of slide: String, at place: TileLocation) throws -> String? {
    let vertex = RegionsOfInterest.Vertex(x: Double(place.x), y: Double(place.y))
    return try locator(of: slide)?.region(at: vertex).map { $0.label ?? $0.name }
  }

  /// What there are of regions, by slides that are asked about.
  func names(of slides: [String]) throws -> [String] {
    var names: Set<String> = []
    for slide in slides {
      guard let regions = try locator(of: slide)?.regions else { continue }
      names.formUnion(regions.classes.map(\.name))
      if regions.unclassedCount > 0 { names.formUnion(regions.regions.filter { $0.label == nil }.map(\.name)) }
    }
    return NaturalOrder.sorted(Array(names))
  }

  /// No slide has regions.
  func noRegions(parameter: String) -> WorkflowFailure {
    WorkflowFailure(
      "None of these slides has regions of interest"
        + (folders.isEmpty
          ? ": the project names no folder of them."
          : ": no .csv, .geojson or .xml of theirs in "
            + folders.joined(separator: ", ") + "."),
      parameter: parameter)
  }
}

/// Reads the regions of a study's slides by their names.
private struct StudyRegionFiles: Sendable {
  private let folders: [RegionFolder]
  private let slides: [String: SlideFile]

  init(_ study: Study) {
    let paths = study.project.sources.compactMap(\.regionsOfInterest)
    folders = paths.indices.filter { paths.firstIndex(of: paths[$0]) == $0 }.map { RegionFolder(paths[$0]) }
    slides =
      folders.isEmpty
      ? [:] : Dictionary(study.project.slideFiles().map { ($0.name, $0) }) { first, _ in first }
  }

  func regions(of slide: String) throws -> RegionsOfInterest? {
    let file = slides[slide]
    let name = file.map { ($0.path as NSString).lastPathComponent }
    guard let path = folders.lazy.compactMap({ $0.files(of: slide, file: name).path }).first else { return nil }
    let regions = try RegionsOfInterest(path: path)
    guard regions.frame == .scannedPart, let file, file.isUnambiguous else { return regions }
    // Only the slide tells from which corner QuPath counted.
    return regions.placed(on: try SlideOpening.open(file.path, monitor: SilentMonitor()).scannedPart)
  }
}

/// The regions that the tiles of features lie in.
package struct TileRegionLabels: Sendable {
  /// For each slide and row; nil in no region.
  package let labels: [[String?]]
  /// In their natural order.
  package let names: [String]

  /// - Parameter parameter: what they are asked for.
  /// - Throws: `WorkflowFailure` where no slide has regions, or no tile lies in one.
  init(_ features: FeatureSet, parameter: String) throws {
    let regions = TileRegions(features.study)
    let tiles = FeatureTiles(features)
    var hasRegions = false
    var hasPlaces = false
    labels = try features.slides.indices.map { slide in
      let name = features.slides[slide].name
      guard try regions.locator(of: name) != nil else {
        return Array(repeating: nil, count: features.slides[slide].tileCount)
      }
      hasRegions = true
      return try (0..<features.slides[slide].tileCount).map { row in
        guard let place = tiles.location(slide: slide, tile: row) else { return nil }
        hasPlaces = true
        return try regions.label(of: name, at: place)
      }
    }
    names = NaturalOrder.sorted(Array(Set(labels.flatMap { $0.compactMap(\.self) })))
    guard hasRegions else { throw regions.noRegions(parameter: parameter) }
    guard hasPlaces else {
      throw WorkflowFailure(
        "The tiles of these features have no places, so it is not known in which region they lie.", parameter: parameter
      )
    }
    guard !names.isEmpty else {
      throw WorkflowFailure(
        "No tile's centre lies in a region of interest of its slide; the regions are "
          + (try regions.names(of: features.slides.map(\.name)).prefix(8).joined(separator: ", ")) + ".",
        parameter: parameter)
    }
  }

  /// "Tumor (12), Stroma (30); 5 tiles in no region".
  package var summary: String {
    let all = labels.flatMap(\.self)
    let counts = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
    let outside = counts[nil] ?? 0
    return names.map { "\($0) (\(counts[$0] ?? 0))" }.joined(separator: ", ")
      + (outside > 0 ? "; \(outside.counted("tile")) in no region" : "")
  }
}
