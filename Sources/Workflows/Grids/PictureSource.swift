import FeatureData
import Foundation
import Slides

/// Which pictures are run through a network: files, tiles by slide, and tiles of a dataset by number.
package struct PictureRequest: Sendable {
  /// Tiles of a dataset, counted through its slides.
  package enum Index: Sendable {
    /// The number of a batch.
    case batch(Int, size: Int)
    case range(Range<Int>)
    case list([Int])
  }

  /// Files, and tiles as SLIDE:NUMBER or SLIDE:FIRST..<END.
  package var images: [String]
  package var index: Index?
  /// False where pictures are files alone.
  package var usesTiles: Bool

  package init(images: [String] = [], index: Index? = nil, usesTiles: Bool = true) {
    self.images = images
    self.index = index
    self.usesTiles = usesTiles
  }

  /// Tiles computed together where nothing is said.
  package static let defaultBatchSize = 32
}

/// Reads the pictures of a request.
struct PictureSource {
  /// A picture under the name that its row has.
  struct Picture {
    let name: String
    let image: RGBImage
  }

  private let request: PictureRequest
  private let model: StudyModel
  private let given: StudyDataset?
  private let study: Study?
  private var used: StudyDataset?

  /// The most pictures that are held in memory together.
  private static let largestBatch = 4096

  init(_ request: PictureRequest, _ model: StudyModel, dataset: StudyDataset?, study: Study?) {
    self.request = request
    self.model = model
    given = dataset
    self.study = study
  }

  /// Whose tiles are named: all of the study where no dataset is given.
  mutating func dataset() throws -> StudyDataset {
    let dataset = try used ?? given ?? model.allTiles(of: study)
    used = dataset
    return dataset
  }

  mutating func pictures(monitor: any WorkMonitor) throws -> [Picture] {
    var pictures: [Picture] = []
    for text in request.images {
      try monitor.checkInterrupted()
      let path = PathResolution.existing(text, in: study.map { [$0.project.folder] } ?? [])
      if FileManager.default.fileExists(atPath: path) {
        pictures.append(Picture(name: text.withShortPaths, image: try Self.image(ofFile: path)))
        continue
      }
      guard let place = TilePlace(text) else {
        throw WorkflowFailure(
          "\(text.withShortPaths) is neither a file nor tiles of a slide.",
          remedy: "images=[a.png] or images=SLIDE:0..<32",
          parameter: "images")
      }
      let dataset = try dataset().dataset
      guard let slide = dataset.slides.first(where: { $0.name == place.slide }) else {
        throw WorkflowFailure(
          "The dataset has no slide \(place.slide), and there is no file \(text.withShortPaths).",
          remedy: dataset.slides.first.map { "images=\($0.name):0" }, parameter: "images")
      }
      let count = dataset.tileCount(of: slide)
      guard place.tiles.upperBound <= count else {
        throw WorkflowFailure(
          "\(slide.name) has \(count.counted("tile")), numbered 0 to \(count - 1).",
          remedy: "images=\(slide.name):0..<\(min(count, 32))", parameter: "images")
      }
      try Self.checkCount(pictures.count + place.tiles.count)
      pictures += try Self.tiles(Array(place.tiles), of: slide, in: dataset)
    }
    pictures += try numbered()
    try Self.checkCount(pictures.count)
    guard !pictures.isEmpty else {
      throw WorkflowFailure("No picture is named.", remedy: "images=[a.png, b.jpg], or index=0..<32 of a dataset")
    }
    return pictures
  }

  private static func checkCount(_ count: Int) throws(WorkflowFailure) {
    guard count > largestBatch else { return }
    throw WorkflowFailure(
      "These are \(count) pictures, more than the \(largestBatch) that are computed at once.", remedy: "features MODEL")
  }

  /// Tiles of the dataset by their number in it, or the number of their batch.
  private mutating func numbered() throws -> [Picture] {
    guard let asked = request.index else { return [] }
    let dataset = try self.dataset().dataset
    let indices: [Int]
    switch asked {
    case .batch(let number, let size):
      let count = dataset.tileCount
      let batches = (count + size - 1) / size
      guard number < batches else {
        throw WorkflowFailure(
          "There is no batch \(number): \(count.counted("tile")) are \(batches) batches of \(size), "
            + "numbered 0 to \(batches - 1).", remedy: "index=\(max(batches - 1, 0))", parameter: "index")
      }
      indices = Array(number * size..<min((number + 1) * size, count))
    case .range(let range):
      try Self.check(range.upperBound - 1, in: dataset)
      try Self.checkCount(range.count)
      indices = Array(range)
    case .list(let list):
      indices = list
      for index in indices { try Self.check(index, in: dataset) }
    }
    return try indices.flatMap { index in
      var rest = index
      for slide in dataset.slides {
        let count = dataset.tileCount(of: slide)
        if rest < count { return try Self.tiles([rest], of: slide, in: dataset) }
        rest -= count
      }
      return []
    }
  }

  private static func check(_ index: Int, in dataset: Dataset) throws(WorkflowFailure) {
    let count = dataset.tileCount
    guard index >= count else { return }
    throw WorkflowFailure(
      "There is no tile \(index): the dataset has \(count.counted("tile")), numbered 0 to \(count - 1).",
      remedy: "index=0..<\(min(count, 32))", parameter: "index")
  }

  private static func image(ofFile path: String) throws(WorkflowFailure) -> RGBImage {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw WorkflowFailure("\(path.withShortPaths) cannot be read.", parameter: "images")
    }
    do throws(ImageFault) { return try TileImage.decode(Array(bytes)) } catch {
      throw WorkflowFailure("\(path.withShortPaths) cannot be used: \(error.description).", parameter: "images")
    }
  }

  private static func tiles(_ numbers: [Int], of slide: Dataset.Slide, in dataset: Dataset) throws -> [Picture] {
    try Reporting.run(parameter: "images") {
      let file = try TFRecordFile(path: slide.tfrecord, indexes: dataset.project.indexes)
      return try numbers.map { number in
        Picture(name: "\(slide.name):\(number)", image: try file.image(dataset.record(number, of: slide)))
      }
    }
  }
}
