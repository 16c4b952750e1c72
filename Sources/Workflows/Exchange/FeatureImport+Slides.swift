import FeatureData
import FeatureStore
import Slides

extension FeatureImport {
  func join(_ bags: [Bag], into result: inout Result) throws {
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
          name: name, stored: bag.stored, tfrecord: file?.path, tileDigest: file?.digest, records: file?.records,
          gap: gap(of: bag)))
      result.kinds.insert(bag.kind)
      result.isSlideLevel = result.isSlideLevel || bag.note.isSlideLevel
      for quantity in bag.stored.quantities where !result.quantities.contains(quantity.name) {
        result.quantities.append(quantity.name)
      }
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

extension FeatureImport {
  /// What is missing to cut the tiles from their slide.
  private func gap(of bag: Bag) -> TileOrigins.Gap? {
    if bag.note.isSlideLevel { return .wholeSlide }
    if bag.stored.corners?.sidePixels != nil { return nil }
    if bag.note.needsMicronsPerPixel, bag.scale == nil { return .scale }
    return bag.stored.locations == nil && bag.stored.corners == nil ? .places : .extents
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
