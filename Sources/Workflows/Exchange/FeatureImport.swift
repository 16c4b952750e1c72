import FeatureData
import FeatureStore
import Foundation
import Slides

/// Takes features that other programs computed into the store, and joins them with the project's slides.
///
/// A file is read once: what it held is kept under its digest. Foreign HDF5 is read by a process of its own.
struct FeatureImport {
  let study: Study
  let path: String
  /// What `mpp` says, of slides whose file does not.
  let given: GivenScale
  let monitor: any WorkMonitor

  private var store: FeatureStore { study.store }

  struct Result {
    var slides: [FeatureSet.Slide] = []
    /// Files, or slides of a file, that gave nothing.
    var failed: [FeatureSet.FailedSlide] = []
    /// Names in the files that no slide of the project has.
    var unmatched: [String] = []
    /// How the others were found.
    var join = SlideJoin([], slides: [])
    var kinds: Set<String> = []
    /// What was assumed, with the number of slides.
    var assumptions: [String: Int] = [:]
    /// Of the slides whose features come with lengths in micrometres.
    var scales: [(slide: String, scale: SlideScale)] = []
    var isSlideLevel = false
    /// What the logits are.
    var outputs = ModelOutputs.none
    /// What was seen of them, and assumed.
    var outputRemarks: [String] = []
    var isFromStore = true
    var identity = ""
  }

  /// What is kept of a file besides its numbers.
  private struct Note: Codable {
    struct Slide: Codable {
      let name: String
      let assumptions: [String]
      let isSlideLevel: Bool
      /// Lengths in the file are micrometres.
      let needsMicronsPerPixel: Bool
    }
    let kind: String
    let slides: [Slide]
  }

  private struct Bag {
    let stored: StoredSlideFeatures
    let note: Note.Slide
    let kind: String
    /// What micrometres were brought to pixels by.
    var scale: SlideScale?
    /// What is said of that.
    var remarks: [String] = []
  }

  func run() throws -> Result {
    let files = try Reporting.run { try BagFolder.files(in: path) }
    var result = Result()
    var read: [(file: String, bags: [Bag])] = []
    for (index, file) in files.enumerated() {
      try monitor.checkInterrupted()
      do {
        let (found, isNew) = try bags(of: file, micronsPerPixel: nil)
        read.append((file, found))
        if isNew { result.isFromStore = false }
      } catch let failure as WorkflowFailure where files.count > 1 {
        result.failed.append(
          FeatureSet.FailedSlide(name: (file as NSString).lastPathComponent, reason: failure.message))
      }
      monitor.report(phase: "importing", unit: "files", done: index + 1, total: files.count)
    }
    try store.saveTileDigests()
    if read.allSatisfy({ $0.bags.isEmpty }), let first = result.failed.first { throw WorkflowFailure(first.reason) }
    result.join = SlideJoin(read.flatMap { $0.bags.map(\.note.name) }, slides: study.project.annotations.slides)
    let measures = ProjectMeasures(study.project)
    try join(read.flatMap { try scaled($0.bags, of: $0.file, &result, measures) }, into: &result)
    return result
  }

  // MARK: Files

  /// The slides of a file again where it has lengths in micrometres, by the microns per pixel of the slide it is of.
  private func scaled(
    _ found: [Bag], of file: String, _ result: inout Result, _ measures: ProjectMeasures
  ) throws -> [Bag] {
    guard let note = found.first?.note, note.needsMicronsPerPixel, let slide = result.join.slide(for: note.name) else {
      return found
    }
    let own = measures.measures(of: slide)
    guard let scale = SlideScale(file: own?.micronsPerPixel, given: given[slide], hint: own?.scaleHint) else {
      guard let remedy = own?.scaleRemedy else { return found }
      return found.map { bag in
        var bag = bag
        bag.remarks = ["The file of \(slide) does not say how many microns a pixel has: \(remedy)."]
        return bag
      }
    }
    let (scaled, isNew) = try bags(of: file, micronsPerPixel: scale.micronsPerPixel)
    if isNew { result.isFromStore = false }
    return scaled.map { bag in
      var bag = bag
      bag.scale = scale
      return bag
    }
  }

  /// The slides of a file, from the store where they were taken in before.
  private func bags(of file: String, micronsPerPixel: Double?) throws -> (bags: [Bag], isNew: Bool) {
    let parts = [file] + BagFolder.companions(of: file).filter { FileManager.default.fileExists(atPath: $0) }
    let digest = ContentDigest.ofText(try parts.map { try store.tileDigest(of: $0) }.joined(separator: "\n"))
    // A file that is only named features takes its folder's name.
    let name = file.split(separator: "/").suffix(2).joined(separator: "/")
    let key = ImportKey(source: digest, name: name, micronsPerPixel: micronsPerPixel).storeKey
    if let note = store.note(of: key).flatMap({ try? JSONDecoder().decode(Note.self, from: $0) }) {
      let kept = try note.slides.map { slide in
        try store.features(of: slide.name, key: key, tileDigest: digest).map {
          Bag(stored: $0, note: slide, kind: note.kind)
        }
      }
      if kept.allSatisfy({ $0 != nil }) { return (kept.compactMap(\.self), false) }
    }
    let read = try Probe.readBag(file, micronsPerPixel: micronsPerPixel, monitor: monitor)
    try store.prepare(key)
    let kind = read.first?.kind.displayName ?? ""
    var bags: [Bag] = []
    for bag in read {
      let stored = try store.save(Self.features(of: bag), key: key, tileDigest: digest)
      let note = Note.Slide(
        name: bag.slide, assumptions: bag.assumptions, isSlideLevel: bag.isSlideLevel,
        needsMicronsPerPixel: bag.needsMicronsPerPixel)
      bags.append(Bag(stored: stored, note: note, kind: kind))
    }
    try store.saveNote(JSONEncoder().encode(Note(kind: kind, slides: bags.map(\.note))), of: key)
    return (bags, true)
  }

  private static func features(of bag: ForeignBag) -> SlideFeatures {
    let origin = bag.assumptions.isEmpty ? "as the file says" : bag.assumptions.joined(separator: " ")
    let corners = bag.corners.map {
      TileCorners(corners: $0, sidePixels: bag.tileExtent, tilePixels: nil, slideSize: nil, origin: origin)
    }
    let attributes = bag.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    return SlideFeatures(
      slide: bag.slide, features: bag.features, logits: bag.logits, outputs: bag.outputs, locations: bag.centres,
      corners: corners,
      layers: [StoredLayer(layer: FeatureSet.importedLayer, width: bag.features.columnCount)],
      records: Array(0..<bag.features.rowCount), failures: [], engine: "\(bag.kind.displayName): \(attributes)")
  }

  // MARK: Slides

  private func join(_ bags: [Bag], into result: inout Result) throws {
    let matches = result.join
    // Features of one width belong together; the commonest counts.
    let widths = Dictionary(grouping: bags) { $0.stored.features.columnCount }.mapValues(\.count)
    let width = widths.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    let outputs = ImportedOutputs(bags.map(\.stored))
    let tiles = TileFiles(study)
    var taken: [String: String] = [:]
    var identity: [String] = []
    for bag in bags {
      let own = bag.note.name
      guard bag.stored.features.columnCount == width else {
        result.failed.append(
          FeatureSet.FailedSlide(
            name: own, reason: "it has \(bag.stored.features.columnCount) features, and the others have \(width)."))
        continue
      }
      guard outputs.fits(bag.stored) else {
        result.failed.append(
          FeatureSet.FailedSlide(name: own, reason: "its columns of outputs are not those of the other files."))
        continue
      }
      guard let name = matches.slide(for: own) else {
        result.unmatched.append(own)
        continue
      }
      if let first = taken[name] {
        result.failed.append(
          FeatureSet.FailedSlide(name: own, reason: "\(first) gave features of slide \(name) already."))
        continue
      }
      taken[name] = own
      let file = try tiles.file(of: name, bag.stored)
      result.slides.append(
        FeatureSet.Slide(
          name: name, stored: bag.stored, tfrecord: file?.path, tileDigest: file?.digest, records: file?.records))
      result.kinds.insert(bag.kind)
      result.isSlideLevel = result.isSlideLevel || bag.note.isSlideLevel
      if let scale = bag.scale { result.scales.append((name, scale)) }
      for assumption in bag.note.assumptions + bag.remarks { result.assumptions[assumption, default: 0] += 1 }
      identity.append("\(name)\t\(bag.stored.tileDigest)\t\(bag.scale.map { "\($0.micronsPerPixel)" } ?? "")")
    }
    if result.slides.isEmpty, !bags.isEmpty {
      throw WorkflowFailure(
        "No slide of the project has a name like those of the feature files: "
          + "\(result.unmatched.prefix(3).joined(separator: ", ")) there, and "
          + "\(study.project.annotations.slides.prefix(3).joined(separator: ", ")) "
          + "in \(study.project.annotations.path.withShortPaths)."
          + result.unmatched.prefix(3).compactMap { name in matches.refusals[name].map { " \(name): \($0)." } }.joined(),
        remedy: "name the slides in the annotations as the files are named", parameter: "path")
    }
    result.slides.sort { $0.name < $1.name }
    (result.outputs, result.outputRemarks) = outputs.settled(by: result.slides)
    result.identity = ContentDigest.ofText(
      "imported\n" + identity.sorted().joined(separator: "\n"))
  }
}

/// Tile files of a project, by slide: those whose tiles are the ones that features belong to.
private struct TileFiles {
  private let study: Study
  /// By slide, of every tile size.
  private let paths: [String: [String]]

  init(_ study: Study) {
    self.study = study
    var paths: [String: [String]] = [:]
    for size in study.project.tileSizes {
      let dataset = try? Dataset(study.project, tileSize: size, selection: Dataset.Selection())
      for slide in dataset?.slides ?? [] { paths[slide.name, default: []].append(slide.tfrecord) }
    }
    self.paths = paths
  }

  /// The tile file that has a tile at each place of the features, and the record of each; nil if there is none.
  func file(of slide: String, _ stored: StoredSlideFeatures) throws -> (path: String, digest: String, records: [Int])? {
    guard let wanted = stored.locations, !wanted.isEmpty else { return nil }
    for path in paths[slide] ?? [] {
      guard let file = try? TFRecordFile(path: path, indexes: study.project.indexes), file.count >= wanted.count
      else { continue }
      var places: [TileLocation: Int] = [:]
      if let numbers = study.project.indexes.locations(of: path), numbers.count == 2 * file.count {
        for record in (0..<file.count).reversed() {
          places[TileLocation(x: numbers[2 * record], y: numbers[2 * record + 1])] = record
        }
      } else {
        for record in (0..<file.count).reversed() {
          if let location = try? file.location(record) { places[location] = record }
        }
      }
      let records = wanted.compactMap { places[$0] }
      if records.count == wanted.count { return (path, try study.store.tileDigest(of: path), records) }
    }
    return nil
  }
}
