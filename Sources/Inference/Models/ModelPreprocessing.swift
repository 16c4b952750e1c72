import FeatureData
import Foundation

/// How pictures become a network's input, as the files say that model hubs keep beside a model: `preprocessor_config.json`
/// of Hugging Face's image processors, `config.json` of timm, `open_clip_config.json` of open_clip.
package struct ModelPreprocessing: Sendable, Equatable {
  package let path: String
  /// nil where only sizes are said.
  package let standardization: Standardization?
  /// Width and height of the network's input.
  package let sidePixels: Int?
  package let resizing: TileResizing
  /// What is said of it that is done in another way here: a clause; nil where all is done.
  package let deviation: String?
  /// Whether `path` is a file beside the model; otherwise it is a name of what says it.
  package private(set) var isFile = true

  /// Those beside a model, and what is to be said of files that are passed over.
  package struct Found: Sendable, Equatable {
    package var preprocessing: ModelPreprocessing?
    package var remarks: [String] = []

    package init() {}

    /// What the card of an encoder says, where no file says it.
    package mutating func complete(by encoder: KnownEncoder) {
      complete(
        mean: encoder.mean, deviation: encoder.deviation, by: "the card of \(encoder.id)", side: 224,
        resized: encoder.resized)
    }

    /// Mean and deviation of x / 255 that somebody else says, where no file does.
    package mutating func complete(
      mean: [Double], deviation: [Double], by author: String, side: Int? = nil, resized: Int? = nil
    ) {
      guard preprocessing?.standardization == nil,
        let standardization = try? ModelPreprocessing.stated(mean: mean, deviation: deviation, author)
      else { return }
      preprocessing = ModelPreprocessing(
        path: author, standardization: standardization, side: side, resized: resized ?? side,
        filter: side.map { _ in "bicubic" })
      preprocessing?.isFile = false
    }
  }

  private typealias Read = @Sendable (ParameterReader) throws(InferenceError) -> ModelPreprocessing?

  private static let readers: [(name: String, read: Read)] = [
    ("preprocessor_config.json", huggingFace), ("config.json", timm), ("open_clip_config.json", openCLIP),
  ]

  /// The first of a model's folder, or of the model that is a folder, that says how pictures are standardised. Hubs keep
  /// exported models in a folder `onnx` below that of these files.
  package static func beside(modelPath: String) -> Found {
    let model = URL(fileURLWithPath: modelPath)
    let parent = model.deletingLastPathComponent()
    var folders = [model, parent]
    if parent.lastPathComponent == "onnx" { folders.append(parent.deletingLastPathComponent()) }
    var found = Found()
    for folder in folders {
      for (name, read) in readers {
        let path = folder.appendingPathComponent(name).path
        guard FileManager.default.fileExists(atPath: path) else { continue }
        do throws(InferenceError) {
          guard let next = try read(ParameterReader(ParameterReader.content(path), path: path)) else { continue }
          guard let first = found.preprocessing else {
            found.preprocessing = next
            continue
          }
          if let own = first.standardization, let other = next.standardization, own.identity != other.identity {
            found.remarks.append(
              "\(first.path) says \(own.sentence), and \(path) says \(other.sentence); the first is believed.")
          }
        } catch {
          found.remarks.append("\(error.message) It is passed over.")
        }
      }
    }
    return found
  }

  /// The standard where these sizes are those of another input.
  func resizing(for model: Model) -> TileResizing {
    let own = model.input.sidePixels
    return sidePixels == nil || own == nil || sidePixels == own ? resizing : .standard
  }

  /// What of it does not fit a model, or is done in another way.
  func warnings(for model: Model) -> [String] {
    var warnings = deviation.map { ["\(path): \($0)."] } ?? []
    if let sidePixels, let own = model.input.sidePixels, sidePixels != own, model.input.sideSource != .given {
      warnings.append("\(path) says an input of \(sidePixels) px, and the model takes \(own) px.")
    }
    return warnings
  }

  // MARK: Kinds of files

  /// Source: the documentation of transformers, "Image Processor": rescale, then normalise; sizes as a number, as
  /// "shortest_edge", or as "height" and "width".
  private static func huggingFace(_ file: ParameterReader) throws(InferenceError) -> ModelPreprocessing? {
    let (mean, deviation) = (try file.numbers("image_mean"), try file.numbers("image_std"))
    let factor = try file.flag("do_rescale") ?? true ? try file.number("rescale_factor") ?? 1 / 255 : 1
    guard factor > 0 else {
      throw .parametersInvalid(path: file.path, key: "rescale_factor", expected: "more than 0", found: "\(factor)")
    }
    let isNormalized = try file.flag("do_normalize") ?? true
    var standardization: Standardization?
    if mean != nil || deviation != nil || file.has("do_rescale") || file.has("do_normalize") {
      standardization = try stated(
        mean: isNormalized ? mean : nil, deviation: isNormalized ? deviation : nil,
        // As most files write 1 / 255, in decimals.
        range: abs(factor * 255 - 1) < 1e-6 ? 255 : 1 / factor,
        channels: try file.flag("do_flip_channel_order") ?? false ? .bgr : .rgb, file.path)
    }
    let size = try side(file, "size")
    var crop = try file.flag("do_center_crop") ?? file.has("crop_size") ? try side(file, "crop_size") : nil
    var resized = try file.flag("do_resize") ?? true ? size : nil
    if let size, size < 384, let share = try share(file) {
      // ConvNeXt's processor resizes to more than it says, and cuts.
      (resized, crop) = (Int(Double(size) / share), size)
    }
    let filter = try file.number("resample").map { Int(exactly: $0).flatMap { filters[$0] } ?? "unknown" }
    return ModelPreprocessing(
      path: file.path, standardization: standardization, side: crop ?? resized, resized: resized, filter: filter)
  }

  /// Pillow's numbers of its filters.
  private static let filters = [0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"]

  /// What of a resized tile's width is read; nil for all of it.
  private static func share(_ file: ParameterReader) throws(InferenceError) -> Double? {
    guard let share = try file.number("crop_pct"), share != 1 else { return nil }
    guard (0.25...1).contains(share) else {
      throw .parametersInvalid(path: file.path, key: "crop_pct", expected: "from 0.25 to 1", found: "\(share)")
    }
    return share
  }

  /// No network for tiles reads more.
  private static let largestSide = 4096

  private static func side(_ file: ParameterReader, _ key: String) throws(InferenceError) -> Int? {
    let side = try anySide(file, key)
    guard let side, side > largestSide else { return side }
    throw .parametersInvalid(path: file.path, key: key, expected: "at most \(largestSide) px", found: "\(side)")
  }

  private static func anySide(_ file: ParameterReader, _ key: String) throws(InferenceError) -> Int? {
    guard file.has(key) else { return nil }
    if let size = try? file.size(key) { return size }
    guard let sizes = try file.object(key) else { return nil }
    if let edge = try sizes.size("shortest_edge") { return edge }
    let (height, width) = (try sizes.size("height"), try sizes.size("width"))
    guard height == width else {
      throw .parametersInvalid(
        path: file.path, key: key, expected: "of one height and width",
        found: "\(height.map(String.init) ?? "none") and \(width.map(String.init) ?? "none")")
    }
    return height
  }

  /// Source: the documentation of timm, "Model config": x / 255, then mean and deviation; resized to size / crop_pct, of
  /// which the middle is taken. Of transformers a file of this name says nothing of this.
  private static func timm(_ file: ParameterReader) throws(InferenceError) -> ModelPreprocessing? {
    let config = try file.object("pretrained_cfg") ?? file
    let (mean, deviation) = (try config.numbers("mean"), try config.numbers("std"))
    guard mean != nil || deviation != nil else { return nil }
    let size = try config.numbers("input_size")?.last.flatMap { Int(exactly: $0) }
      .flatMap { (1...largestSide).contains($0) ? $0 : nil }
    let share = try share(config)
    return ModelPreprocessing(
      path: file.path, standardization: try stated(mean: mean, deviation: deviation, file.path), side: size,
      resized: size.map { size in share.map { Int(Double(size) / $0) } ?? size },
      filter: try config.text("interpolation"))
  }

  private static func openCLIP(_ file: ParameterReader) throws(InferenceError) -> ModelPreprocessing? {
    guard let config = try file.object("preprocess_cfg") else { return nil }
    let (mean, deviation) = (try config.numbers("mean"), try config.numbers("std"))
    let vision = try file.object("model_cfg")?.object("vision_cfg")
    let side = if let vision { try side(vision, "image_size") } else { nil as Int? }
    return ModelPreprocessing(
      path: file.path,
      standardization: mean == nil && deviation == nil
        ? nil : try stated(mean: mean, deviation: deviation, file.path),
      side: side, resized: side, filter: try config.text("interpolation"))
  }

  /// (x / range − mean) / deviation.
  private static func stated(
    mean: [Double]?, deviation: [Double]?, range: Double = 255, channels: Standardization.Channels = .rgb,
    _ path: String
  ) throws(InferenceError) -> Standardization {
    do throws(InferenceError) {
      let stated = try Standardization.explicit(
        mean: (mean ?? [0]).map { $0 * range }, scale: (deviation ?? [1]).map { $0 * range }, range: .bytes,
        channels: channels)
      let known = [Standardization.imagenet, .torch, .shares, .none].map { $0.with(channels) }
      return known.first { $0.identity == stated.identity } ?? stated
    } catch .standardizationInvalid(let parameter, let expected, let found) {
      throw .parametersInvalid(
        path: path, key: parameter == "mean" ? "mean" : "std", expected: expected, found: found)
    }
  }

  private init(path: String, standardization: Standardization?, side: Int?, resized: Int?, filter: String?) {
    self.path = path
    self.standardization = standardization
    sidePixels = side
    let known = filter.map { TileResizing.Filter(rawValue: $0) } ?? .bilinear
    let isCut = side.map { $0 < resized ?? 0 } ?? false
    resizing = TileResizing(filter: known ?? .bicubic, resizedPixels: isCut ? resized : nil)
    deviation = known == nil ? "the \(filter ?? "") filter is not known here, and the bicubic one is taken" : nil
  }
}
