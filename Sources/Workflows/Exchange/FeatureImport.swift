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
  /// What is asked of each file; its microns per pixel are those of its slide.
  let request: BagRequest
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
    /// What numbers of tiles there are besides the features, by their names.
    var quantities: [String] = []
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
  struct Note: Codable {
    struct Slide: Codable {
      let name: String
      let assumptions: [String]
      let isSlideLevel: Bool
      let isPatientLevel: Bool
      /// Lengths in the file are micrometres.
      let needsMicronsPerPixel: Bool
    }
    let kind: String
    let slides: [Slide]
  }

  struct Bag {
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
    let annotations = study.project.annotations
    result.join = SlideJoin(
      read.flatMap { file in
        file.bags.map {
          SlideJoin.Name(text: $0.note.name, isOfPatient: $0.note.isPatientLevel, hasTiles: !$0.note.isSlideLevel)
        }
      }, slides: annotations.slides, patients: PatientSlides.grouped(annotations.slides.sorted(), annotations))
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
        bag.remarks = ["The file of \(slide) does not give its resolution in µm per pixel: \(remedy)."]
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
    let key = ImportKey(source: digest, name: name, micronsPerPixel: micronsPerPixel, request: request).storeKey
    if let note = store.note(of: key).flatMap({ try? JSONDecoder().decode(Note.self, from: $0) }) {
      let kept = try note.slides.map { slide in
        try store.features(of: slide.name, key: key, tileDigest: digest).map {
          Bag(stored: $0, note: slide, kind: note.kind)
        }
      }
      if kept.allSatisfy({ $0 != nil }) { return (kept.compactMap(\.self), false) }
    }
    var asked = request
    asked.micronsPerPixel = micronsPerPixel
    let read = try Probe.readBag(file, asked, monitor: monitor)
    try store.prepare(key)
    let kind = read.first?.kind.displayName ?? ""
    var bags: [Bag] = []
    for bag in read {
      let lattice = bag.corners == nil ? bag.centres.flatMap(TileExtents.cornersSideBySide) : nil
      let stored = try store.save(Self.features(of: bag, lattice), key: key, tileDigest: digest)
      let side = lattice?.sidePixels.map {
        "The tile's side is taken from the distance of neighbours: \($0) level-0 pixels."
      }
      let note = Note.Slide(
        name: bag.slide, assumptions: bag.assumptions + [side].compactMap(\.self), isSlideLevel: bag.isSlideLevel,
        isPatientLevel: bag.isPatientLevel, needsMicronsPerPixel: bag.needsMicronsPerPixel)
      bags.append(Bag(stored: stored, note: note, kind: kind))
    }
    try store.saveNote(JSONEncoder().encode(Note(kind: kind, slides: bags.map(\.note))), of: key)
    return (bags, true)
  }

  /// - Parameter lattice: the corners of tiles of which the file has the centres alone, where their lie tells them.
  private static func features(of bag: ForeignBag, _ lattice: TileCorners?) -> SlideFeatures {
    let origin = bag.assumptions.isEmpty ? "as the file says" : bag.assumptions.joined(separator: " ")
    func number(_ attribute: String) -> Int? { bag.attributes[attribute].flatMap(Int.init) }
    let size = number("level0_width").flatMap { width in
      number("level0_height").map { TileCorners.PixelSize(width: width, height: $0) }
    }
    let corners =
      bag.corners.map {
        TileCorners(
          corners: $0, sidePixels: bag.tileExtent, tilePixels: number("patch_size"), slideSize: size, origin: origin)
      } ?? lattice
    let attributes = bag.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    return SlideFeatures(
      slide: bag.slide, features: bag.features, logits: bag.logits, outputs: bag.outputs, locations: bag.centres,
      corners: corners, quantities: bag.quantities,
      layers: [StoredLayer(layer: FeatureSet.importedLayer, width: bag.features.columnCount)],
      records: Array(0..<bag.features.rowCount), failures: [], engine: "\(bag.kind.displayName): \(attributes)")
  }
}
