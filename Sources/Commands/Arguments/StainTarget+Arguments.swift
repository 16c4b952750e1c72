import CommandLanguage
import Slides
import Workflows

extension StainTarget {
  static let methods = StainNormalizer.Method.allCases.map(\.rawValue)
  private static let versions = StainNormalizer.TargetVersion.allCases.map(\.rawValue)

  static let parameter = ParameterDeclaration(
    "normalizer_source",
    .either([.choice(versions), .tile, .path(.existingFile(extensions: ["png", "jpg", "jpeg"]))]), default: "v3",
    "What tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), a tile, or a picture.")

  init(_ arguments: BoundArguments) {
    self =
      switch arguments["normalizer_source"] {
      case .tile(let slide, let index)?: .tile(slide: slide, index: index)
      case .path(let path)?: .picture(path: path)
      case let value: .standard(value?.text.flatMap(StainNormalizer.TargetVersion.init(rawValue:)) ?? .v3)
      }
  }
}

extension ModelStain {
  /// The parameter of commands that run a model.
  static let parameter = ParameterDeclaration(
    "normalizer", .optional(.choice(StainTarget.methods)),
    "Stain normalisation of the tiles before the network sees them; left out, the one the model was trained with.")
}

extension ModelStain.Choice {
  init(_ arguments: BoundArguments) {
    switch arguments["normalizer"] {
    case nil: self = .asTrained
    case .none?: self = .none
    case let value?: self = value.text.flatMap(StainNormalizer.Method.init(rawValue:)).map { .method($0) } ?? .asTrained
    }
  }
}
