import FeatureData
import Rendering
import Slides

/// Stain normalisation of the tiles of a mosaic.
enum MosaicStain {
  /// Colours are measured on at least so many pixels a side, however small the cell is.
  private static let leastSide = 128

  static func normalizer(
    _ stain: MosaicRequest.Stain, of features: FeatureSet, _ images: TileImages, _ sink: any RemarkSink
  ) throws -> (normalizer: StainNormalizer, said: String) {
    switch stain {
    case .method(let method, let target):
      let (normalizer, text) = try target.normalizer(method) { slide, index in
        let tile = try features.tile(slide, index)
        return try images.image(FeatureMap.Point(slide: tile.slide, row: tile.tile), side: TileDecoder.maximumSide)
      }
      return (normalizer, "The tiles shown are normalised: \(method.rawValue), \(text).")
    case .model:
      guard let model = features.model else {
        throw WorkflowFailure(
          "These features were made elsewhere, and the model behind them, with its stain normalisation, is not known.",
          remedy: "normalizer=reinhard", parameter: "normalizer")
      }
      let own = try ModelStain(of: model)
      if let warning = own.warning { sink.warn(warning) }
      guard let normalizer = own.normalizer else {
        throw WorkflowFailure(
          "\(features.modelName) was trained without a stain normalisation that is known here.",
          remedy: "normalizer=reinhard", parameter: "normalizer")
      }
      return (normalizer, "The tiles shown are normalised. " + (own.sentence ?? ""))
    }
  }

  /// A tile of about `side` pixels, normalised.
  static func tile(side: Int, _ normalizer: StainNormalizer, load: (_ side: Int) throws -> RGBImage) throws -> RGBImage
  {
    normalizer.normalized(try load(max(side, leastSide)).shrunk(toSide: max(side, leastSide)))
  }
}
