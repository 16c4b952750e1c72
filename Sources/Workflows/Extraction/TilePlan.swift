import FeatureData
package import Slides

/// How tiles are cut from slides: their size, their lattice, and what leaves one out.
package struct TilePlan: Sendable, Hashable, Codable {
  /// The lattice, and what leaves a tile out.
  package struct Cutting: Sendable, Hashable, Codable {
    /// 1 lays tiles side by side, 2 lets them overlap by half.
    package var strideDivisor = 1.0
    package var regionMethod = RegionMethod.auto
    /// The share of a tile that must lie in the regions; nil looks at its centre.
    package var regionFraction: Double?
    package var usesTissueMask = false
    /// Leaves out tiles of which more than this share is no tissue.
    package var filterThreshold = 0.6
    package var filter = BackgroundFilter()

    package init() {}
  }

  package var size: TileSize
  /// Microns per pixel of slides whose file does not say.
  package var scale: GivenScale
  package var cutting: Cutting

  package init(size: TileSize, scale: GivenScale = .none, cutting: Cutting = Cutting()) {
    self.size = size
    self.scale = scale
    self.cutting = cutting
  }

  /// What is left out is as on a slide that is open.
  init(size: TileSize, scale: GivenScale?, cutting: Cutting?, as opened: StudySlide?) {
    self.init(
      size: size, scale: scale ?? .of(opened), cutting: cutting ?? opened?.plan?.cutting ?? Cutting())
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
      slide, size: size, strideDivisor: cutting.strideDivisor, micronsPerPixel: scale[slide.name])
    var selection = TileSelection(grid)
    if let regions, cutting.regionMethod != .ignore {
      try regions.check(on: slide)
      try selection.apply(
        regions, keepingInside: cutting.regionMethod != .outside, leastFraction: cutting.regionFraction,
        monitor: monitor)
    } else if regions == nil, cutting.regionMethod == .inside {
      throw SlideError.roiMissing(slide: slide.name, folders: regionFolders)
    }
    if cutting.usesTissueMask {
      let overview = try overview ?? SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
      selection.apply(TissueMask(overview), leastFraction: 1 - cutting.filterThreshold)
    }
    return selection
  }

  /// What, besides the slide, its scale and the tile size, decides which tiles come out: equal texts, equal tiles.
  var identity: String {
    [
      "stride_div=\(cutting.strideDivisor)", "roi_method=\(cutting.regionMethod.rawValue)",
      cutting.regionMethod == .ignore
        ? nil : "roi_filter_method=\(cutting.regionFraction.map { String($0) } ?? "center")",
      cutting.usesTissueMask ? "qc=otsu filter_threshold=\(cutting.filterThreshold)" : nil,
      cutting.filter.whitespaceFraction < 1
        ? "whitespace_fraction=\(cutting.filter.whitespaceFraction) whitespace_threshold=\(cutting.filter.whitespaceThreshold)"
        : nil,
      "grayspace_fraction=\(cutting.filter.grayspaceFraction)",
      cutting.filter.grayspaceFraction < 1 ? "grayspace_threshold=\(cutting.filter.grayspaceThreshold)" : nil,
    ].compactMap(\.self).joined(separator: " ")
  }
}
