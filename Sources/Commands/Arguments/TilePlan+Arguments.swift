import CommandLanguage
import Slides
import Workflows

extension TilePlan {
  static let sizeParameters = [
    ParameterDeclaration("tile_px", .integer(1...8192), unit: "px", "Side of the tiles in pixels."),
    ParameterDeclaration(
      "tile_um", .microns, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
  ]

  static let parameters = [
    ParameterDeclaration(
      "stride_div", .number(0.01...1000), default: "1", "1 lays tiles side by side, 2 lets them overlap by half."),
    GivenScale.parameter,
    ParameterDeclaration(
      "roi_method", .choice(RegionMethod.allCases.map(\.rawValue)), default: "auto",
      "Tiles inside the regions of interest where there are any (auto), `inside`, `outside`, or all (ignore)."),
    ParameterDeclaration(
      "roi_filter_method", .either([.choice(["center"]), .number(0...1)]), default: "center",
      "A tile counts as inside by its center, or when this share of it lies inside."),
    ParameterDeclaration(
      "qc", .optional(.choice(["otsu"])), default: "none",
      "Finds the tissue by Otsu's threshold on a small picture of the slide."),
    ParameterDeclaration(
      "filter_threshold", .number(0...1), default: "0.6", effects: [.with("qc", values: ["otsu"])],
      "Leaves out tiles of which more than this share is no tissue."),
    ParameterDeclaration(
      "whitespace_fraction", .number(0...1), default: "1", "Leaves out tiles with more white pixels; 1 keeps them."),
    ParameterDeclaration(
      "whitespace_threshold", .number(0...255), default: "230", effects: [.with("whitespace_fraction", values: [])],
      "The mean of the channels above which a pixel is white."),
    ParameterDeclaration(
      "grayspace_fraction", .number(0...1), default: "0.6", "Leaves out tiles with more grey pixels; 1 keeps them."),
    ParameterDeclaration(
      "grayspace_threshold", .number(0...1), default: "0.05", "The saturation below which a pixel is grey."),
  ]

  /// What regions of interest are read from.
  static let regionsParameter = ParameterDeclaration(
    "roi", .path(.existingFile(extensions: ["csv"])),
    "Regions of interest: ROI_name, X_base, Y_base in pixels of level 0 as OpenSlide counts them, from the corner of the "
      + "whole slide; QuPath counts from that of the scanned part.")

  /// The parameters that say how tiles are cut, besides their size and the scale of the slide.
  private static let cuttingParameters = parameters.map(\.name).filter { $0 != "mpp" }

  /// The first of them that is given.
  static func cuttingParameter(_ arguments: BoundArguments) -> String? {
    cuttingParameters.first(where: arguments.has)
  }
}

extension TilePlan.Cutting {
  /// Nil if the arguments say nothing of it.
  init?(given arguments: BoundArguments) {
    guard TilePlan.cuttingParameter(arguments) != nil else { return nil }
    self.init()
    strideDivisor = arguments.number("stride_div") ?? strideDivisor
    regionMethod = arguments.text("roi_method").flatMap(RegionMethod.init(rawValue:)) ?? regionMethod
    regionFraction = arguments.number("roi_filter_method")
    usesTissueMask = arguments.text("qc") == "otsu"
    filterThreshold = arguments.number("filter_threshold") ?? filterThreshold
    filter.whitespaceFraction = arguments.number("whitespace_fraction") ?? filter.whitespaceFraction
    filter.whitespaceThreshold = arguments.number("whitespace_threshold") ?? filter.whitespaceThreshold
    filter.grayspaceFraction = arguments.number("grayspace_fraction") ?? filter.grayspaceFraction
    filter.grayspaceThreshold = arguments.number("grayspace_threshold") ?? filter.grayspaceThreshold
  }
}

extension TileSizeRequest {
  init(_ arguments: BoundArguments) throws(CommandFailure) {
    self.init(
      label: arguments.text("size"), pixels: arguments.integer("tile_px"), extent: try TileSize.Extent(arguments))
  }
}

extension TileSize.Extent {
  /// Whole microns, as folders of tiles are named, or a magnification; nil if it was left out.
  init?(_ arguments: BoundArguments) throws(CommandFailure) {
    switch arguments["tile_um"] {
    case nil: return nil
    case .integer(let microns)?: self = .microns(microns)
    case .magnification(let power)?: self = .magnification(power.shortText)
    case let value?:
      guard let microns = value.number.flatMap({ Int(exactly: $0) }) else {
        throw CommandFailure("tile_um is a whole number of microns here.", remedy: "tile_um=302", parameter: "tile_um")
      }
      self = .microns(microns)
    }
  }
}
