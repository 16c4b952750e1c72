import CommandLanguage
import Rendering
import Slides
import Workflows

extension MosaicRequest.Layout: ParameterChoice {}

/// How the tiles of a mosaic look.
struct MosaicLookParameters: ParameterGroup {
  @Parameter("Slides that stand out: the others fade with the share of their cell's tiles.", as: .list(.name(.slide)))
  var focus: [String]?
  @Parameter(
    "What lies behind the tiles: `white`, `black`, `grey`, or a colour as six hexadecimal digits; left out, a pale grey."
  )
  var background: String?
  @Parameter(
    "Stain normalisation of the tiles that are shown: a method, or `model` for the one that the model was trained with. Left "
      + "out, tiles are shown as they are.",
    as: .optional(.either([StainNormalizer.Method.parameterType, .choice(["model"])])), shown: "none",
    referenceNames: ["use_norm"])
  var normalizer: MosaicNormalizer?
  @Parameter(
    "What tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), a tile, or a picture; with a "
      + "method.",
    only: [
      .with(
        \MosaicLookParameters.$normalizer, .method(.reinhard), .method(.reinhardFast), .method(.macenko),
        .method(.macenkoFast))
    ])
  var normalizerSource = StainTarget.standard(.v3)

  /// Sets what was given.
  func apply(to request: inout MosaicRequest) throws(CommandFailure) {
    request.focus = focus
    if let background {
      guard let colour = Colour(words: background) else {
        throw CommandFailure(
          "\"\(background)\" is no colour; known are \(Colour.knownWords.joined(separator: ", ")), and six hexadecimal digits "
            + "such as 1F2328.", remedy: "background=white", parameter: $background.name)
      }
      request.background = colour
    }
    switch normalizer {
    case nil: request.stain = nil
    case .model?: request.stain = .model
    case .method(let method)?: request.stain = .method(method, target: normalizerSource)
    }
  }
}

/// A method of stain normalisation, or the model's.
enum MosaicNormalizer: ParameterValue {
  case method(StainNormalizer.Method)
  case model

  static let parameterType = ParameterType.either([StainNormalizer.Method.parameterType, .choice(["model"])])
  init?(argument: BoundValue) {
    if let method = StainNormalizer.Method(argument: argument) {
      self = .method(method)
    } else if argument.text == "model" {
      self = .model
    } else {
      return nil
    }
  }
  var spelling: String? {
    switch self {
    case .method(let method): method.rawValue
    case .model: "model"
    }
  }
}
