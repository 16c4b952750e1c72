package import FeatureData
import Inference
import Slides

extension StudyDataset {
  /// The features of every tile, from the store where they are kept there.
  ///
  /// - Parameters:
  ///   - given: the network; one in eight bits is calibrated on some of the tiles.
  ///   - scale: microns per pixel of slides whose file does not say, by which the tiles' extents are known.
  ///   - outcomes: labels that later analyses use when none are given.
  ///   - executor: computes what is not there; nil for this process.
  ///   - remarks: gets what is to be said before work starts, and what is kept when it fails.
  /// - Returns: the features, and what is to be said after them.
  package func features(
    _ given: NetworkRun, scale: GivenScale = .none, outcomes: LabelChoice? = nil,
    executor: (any Executor)? = nil, remarks: any RemarkSink, monitor: any WorkMonitor
  ) throws -> (features: FeatureSet, remarks: [Remark]) {
    try checkInput(of: given.model, remarks)
    remarks.add(given.warnings)
    let network = try Reporting.run { try given.calibrated(on: self, monitor: monitor) }
    let extraction = FeatureExtraction(
      dataset: self, network: network, scale: scale, extents: TileExtents(self, given: scale),
      outcomes: try outcomes?.labels(of: dataset.slides.map(\.name), in: study), executor: executor,
      monitor: monitor)
    let (features, computing): (FeatureSet, [Remark])
    do { (features, computing) = try Reporting.run { try extraction.run() } } catch {
      // Also a full disk leaves what was finished.
      if let count = try? extraction.completeSlideCount(), count > 0 || error is WorkInterrupted {
        remarks.note(
          "\(count) of \(dataset.slides.count.counted("slide")) are complete and kept; "
            + "the same statement goes on from there.")
      }
      throw error
    }
    let origins = features.extentOrigins
    return (
      features,
      network.remarks + computing
        + (origins.isEmpty ? [] : [.note("The tiles' extents on their slides: \(origins).")])
        + SlideScale.remarks(on: extraction.extents.ofGiven).map { .warning($0) }
    )
  }

  /// A model whose tile size is on record takes no other; any other model gets its tiles resized, which is said.
  private func checkInput(of model: StudyModel, _ remarks: any RemarkSink) throws(WorkflowFailure) {
    let size = dataset.tileSize
    if let trained = model.tileSize {
      let remedy = "dataset tile_px=\(trained.pixels) tile_um=\(trained.extentText)"
      guard trained.pixels == size.pixels else {
        throw WorkflowFailure(
          "The model was trained on tiles of \(trained.label), and those of the dataset are \(size.label).",
          remedy: dataset.project.tileSizes.contains(trained) ? remedy : "extract tiles of \(trained.label)",
          parameter: "dataset")
      }
      if trained != size {
        remarks.warn("The model was trained on tiles of \(trained.label), and those of the dataset are \(size.label).")
      }
    }
    if let sentence = model.resizing(ofTilesOf: size.pixels) { remarks.note(sentence) }
  }
}
