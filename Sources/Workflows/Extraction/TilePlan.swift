import FeatureData
import Foundation
import Slides

/// How tiles are cut from slides: their size, their lattice, and what leaves one out. `slide` shows it, `extract_tiles`
/// does it.
struct TilePlan {
  var size: TileSize
  var strideDivisor: Double
  /// What `mpp` says.
  var scale: GivenScale
  var regionMethod: RegionMethod
  /// The share of a tile that must lie in the regions; nil looks at its centre.
  var regionFraction: Double?
  var usesTissueMask: Bool
  var filterThreshold: Double
  var filter: BackgroundFilter

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

  /// - Parameters:
  ///   - size: that of the tiles, given or found.
  ///   - project: whose annotations may have the slides' microns per pixel.
  ///   - opened: a slide that is open, whose tiles are cut as it is shown unless something else is asked for.
  init(_ arguments: BoundArguments, size: TileSize, study: Study?, as opened: StudySlide? = nil) throws {
    let scale = try GivenScale(arguments, project: project, as: opened)
    if let plan = opened?.plan, !Self.areGiven(arguments) {
      self = plan
      self.size = size
      self.scale = scale
      return
    }
    self.scale = scale
    self.size = size
    strideDivisor = arguments.number("stride_div") ?? 1
    regionMethod = arguments.text("roi_method").flatMap(RegionMethod.init(rawValue:)) ?? .auto
    regionFraction = arguments.number("roi_filter_method")
    usesTissueMask = arguments.text("qc") == "otsu"
    filterThreshold = arguments.number("filter_threshold") ?? 0.6
    filter = BackgroundFilter(
      whitespaceFraction: arguments.number("whitespace_fraction") ?? 1,
      whitespaceThreshold: arguments.number("whitespace_threshold") ?? 230,
      grayspaceFraction: arguments.number("grayspace_fraction") ?? 0.6,
      grayspaceThreshold: arguments.number("grayspace_threshold") ?? 0.05)
  }

  /// True if the arguments say how tiles are cut, besides their size and the scale of the slide.
  static func areGiven(_ arguments: BoundArguments) -> Bool {
    parameters.contains { $0.name != "mpp" && arguments.has($0.name) }
  }

  /// The size that the arguments give; nil if they give none.
  static func size(_ arguments: BoundArguments) throws(WorkflowFailure) -> TileSize? {
    guard let pixels = arguments.integer("tile_px") else {
      guard arguments.has("tile_um") else { return nil }
      throw WorkflowFailure("tile_um is given without tile_px.", remedy: "tile_px=299", parameter: "tile_um")
    }
    guard let extent = try DatasetCommand.extent(arguments) else {
      throw WorkflowFailure("tile_px is given without tile_um.", remedy: "tile_um=302", parameter: "tile_px")
    }
    return TileSize(pixels: pixels, extent: extent)
  }

  /// The places of the grid that are worth reading.
  ///
  /// - Parameters:
  ///   - regions: those of the slide; nil if it has none.
  ///   - overview: a picture of the slide to find the tissue on; made where it is needed and not given.
  /// - Throws: `SlideError`, `WorkInterrupted`.
  func selection(
    of slide: WholeSlideImage, regions: RegionsOfInterest?, regionFolders: [String] = [],
    overview: SlideOverview? = nil, monitor: any WorkMonitor
  ) throws -> TileSelection {
    let grid = try TileGrid(
      slide, size: size, strideDivisor: strideDivisor, micronsPerPixel: scale[slide.name])
    var selection = TileSelection(grid)
    if let regions, regionMethod != .ignore {
      try regions.check(on: slide)
      try selection.apply(
        regions, keepingInside: regionMethod != .outside, leastFraction: regionFraction, monitor: monitor)
    } else if regions == nil, regionMethod == .inside {
      throw SlideError.roiMissing(slide: slide.name, folders: regionFolders)
    }
    if usesTissueMask {
      let overview = try overview ?? SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
      selection.apply(TissueMask(overview), leastFraction: 1 - filterThreshold)
    }
    return selection
  }

  /// What, besides the slide, its scale and the tile size, decides which tiles come out: equal texts, equal tiles.
  var identity: String {
    [
      "stride_div=\(strideDivisor)", "roi_method=\(regionMethod.rawValue)",
      regionMethod == .ignore ? nil : "roi_filter_method=\(regionFraction.map { String($0) } ?? "center")",
      usesTissueMask ? "qc=otsu filter_threshold=\(filterThreshold)" : nil,
      filter.whitespaceFraction < 1
        ? "whitespace_fraction=\(filter.whitespaceFraction) whitespace_threshold=\(filter.whitespaceThreshold)" : nil,
      "grayspace_fraction=\(filter.grayspaceFraction)",
      filter.grayspaceFraction < 1 ? "grayspace_threshold=\(filter.grayspaceThreshold)" : nil,
    ].compactMap(\.self).joined(separator: " ")
  }
}
