import FeatureData
import Foundation
import Inference
import Slides

/// The stain normaliser that arguments ask for, or that a model was trained with.
enum StainChoice {
  static let methods = StainNormalizer.Method.allCases.map(\.rawValue)
  private static let versions = StainNormalizer.TargetVersion.allCases.map(\.rawValue)

  static let source = ParameterDeclaration(
    "normalizer_source",
    .either([.choice(versions), .tile, .path(.existingFile(extensions: ["png", "jpg", "jpeg"]))]), default: "v3",
    "What tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), a tile, or a picture.")

  /// - Parameter tile: gives a tile that is named.
  /// - Returns: the normaliser, and a text that is the same for the same target.
  static func normalizer(
    _ method: StainNormalizer.Method, _ arguments: BoundArguments,
    tile: (_ slide: String, _ index: Int) throws -> RGBImage
  ) throws -> (normalizer: StainNormalizer, target: String) {
    try Reporting.run(parameter: "normalizer_source") {
      switch arguments["normalizer_source"] {
      case .tile(let slide, let index)?:
        return (try .fitted(method, to: try tile(slide, index)), "fitted to \(slide):\(index)")
      case .path(let path)?:
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw WorkflowFailure("\(path) cannot be read.")
        }
        let image: RGBImage
        do throws(ImageFault) { image = try TileImage.decode(Array(bytes)) } catch {
          throw WorkflowFailure("\(path) cannot be used: \(error.description).")
        }
        return (try .fitted(method, to: image), "fitted to \(path.withShortPaths)")
      case let value:
        let version = value?.text.flatMap(StainNormalizer.TargetVersion.init(rawValue:)) ?? .v3
        return (StainNormalizer(method, version: version), "standard \(version.rawValue)")
      }
    }
  }
}

// MARK: - What a model was trained with

extension StainChoice {
  /// The parameter of commands that run a model.
  static let ofModel = ParameterDeclaration(
    "normalizer", .optional(.choice(methods)),
    "Stain normalisation of the tiles before the network sees them; left out, the one the model was trained with.")

  /// What is done to the tiles of a model, and what there is to say about it.
  struct ForModel {
    var normalizer: StainNormalizer?
    var sentence: String?
    var warning: String?
  }

  /// The method that is given, else the model's own; with the fit in its params.json where the method is the same.
  static func normalizer(of model: StudyModel, _ arguments: BoundArguments) throws -> ForModel {
    let trained = model.choice.parameters?.normalizer
    let name: String
    switch arguments["normalizer"] {
    case .none?:
      guard let trained else { return ForModel() }
      return ForModel(warning: "The model was trained with \(trained) stain normalisation, which is left out as asked.")
    case let value?: name = value.text ?? ""
    case nil:
      guard let trained else { return ForModel() }
      name = trained
    }
    guard let method = StainNormalizer.Method(rawValue: name) else {
      return ForModel(
        warning:
          "The model was trained with \(name) stain normalisation, which is not known here; the tiles are taken as "
          + "they are.")
    }
    if name == trained, let parameters = model.choice.parameters, let fit = parameters.normalizerFit {
      let normalizer = try Reporting.run {
        try StainNormalizer(method, target: StainNormalizer.Target(modelFit: fit))
      }
      return ForModel(
        normalizer: normalizer,
        sentence: "Stain normalisation: \(name), fitted as \(parameters.path.withShortPaths) says.")
    }
    // Releases before 1.6 knew other standard targets; they wrote the fit down.
    return ForModel(
      normalizer: StainNormalizer(method),
      sentence: "Stain normalisation: \(name), to slideflow's standard target (v3)"
        + (name == trained ? ", for the model's params.json holds no fit." : "."))
  }
}

extension StainNormalizer {
  /// Its method and target in numbers: equal texts, equal tiles.
  var identity: String { "normalizer=\(method.rawValue) target=\(target)" }
}
