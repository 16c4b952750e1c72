package import CommandLanguage
import Slides
import Workflows

/// What tiles are made to look like: a standard, a tile, or a picture.
extension StainTarget: ParameterValue {
  static let standards = ParameterType.choice(StainNormalizer.TargetVersion.allCases.map(\.rawValue))
  static let pictures = ParameterType.path(.existingFile(extensions: ["png", "jpg", "jpeg"]))

  package static var parameterType: ParameterType { .either([standards, .tile, pictures]) }
  package init?(argument: BoundValue) {
    switch argument {
    case .tile(let slide, let index): self = .tile(slide: slide, index: index)
    case .path(let path): self = .picture(path: path)
    case let word:
      guard let version = word.text.flatMap(StainNormalizer.TargetVersion.init(rawValue:)) else { return nil }
      self = .standard(version)
    }
  }
  package var spelling: String? { if case .standard(let version) = self { version.rawValue } else { nil } }
}

/// The stain normalisation of commands that run a model.
struct ModelStainParameters: ParameterGroup {
  @Parameter(
    "Stain normalisation of the tiles before the network sees them; left out, the one the model was trained with.",
    as: .optional(StainNormalizer.Method.parameterType))
  var normalizer: StainNormalizer.Method?

  var choice: ModelStain.Choice {
    if let normalizer { return .method(normalizer) }
    return $normalizer.isGiven ? .none : .asTrained
  }
}
