import FeatureData
package import Slides

/// How tiles are cut from slides: their size, their lattice, and what leaves one out.
package struct TilePlan: Sendable, Hashable, Codable {
  /// The lattice, and what leaves a tile out.
  package struct Cutting: Sendable, Hashable, Codable {
    /// 1 lays tiles side by side, 2 lets them overlap by half.
    package var strideDivisor = 1.0
    package var regionMethod = RegionMethod.auto
    /// Of the regions only those of these classes; nil for all.
    package var regionClasses: [String]?
    /// The share of a tile that must lie in the regions; nil looks at its centre.
    package var regionFraction: Double?
    /// What else leaves a tile out, in the order of the cases: equal checks make equal plans.
    package var checks: [QualityCheck] = []
    /// Leaves out tiles of which more than this share is no tissue, where tissue is looked for.
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
    if let regions = try cutting.chosen(of: regions, slide: slide.name) {
      try regions.check(on: slide)
      try selection.apply(
        regions, keepingInside: cutting.regionMethod != .outside, leastFraction: cutting.regionFraction,
        monitor: monitor)
    } else if regions == nil, cutting.needsRegions {
      throw SlideError.roiMissing(slide: slide.name, folders: regionFolders)
    }
    if cutting.checks.contains(where: { $0 != .blur }) {
      let overview = try overview ?? SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
      // Single nuclei are as dark as ink, and as dense as a fold.
      let coarse = overview.coarsened(toMicrons: 4, micronsPerPixel: grid.micronsPerPixel)
      // Ink has colour, and would count as tissue.
      if cutting.checks.contains(.pen) { selection.apply(PenMask(coarse)) }
      if cutting.checks.contains(.otsu) {
        selection.apply(TissueMask(overview), leastFraction: 1 - cutting.filterThreshold)
      }
      if cutting.checks.contains(.fold) {
        selection.apply(FoldMask(coarse, micronsPerPixel: grid.micronsPerPixel))
      }
    }
    return selection
  }

  /// What, besides the slide, its scale and the tile size, decides which tiles come out: equal texts, equal tiles.
  var identity: String {
    [
      "stride_div=\(cutting.strideDivisor)", "roi_method=\(cutting.regionMethod.rawValue)",
      cutting.regionMethod == .ignore
        ? nil : "roi_filter_method=\(cutting.regionFraction.map { String($0) } ?? "center")",
      cutting.regionClasses.map { "roi_class=\($0.sorted())" },
      cutting.checks.contains(.otsu) ? "qc=otsu filter_threshold=\(cutting.filterThreshold)" : nil,
      cutting.checks.allSatisfy { $0 == .otsu }
        ? nil : "qc=\(cutting.checks.map(\.rawValue).joined(separator: ","))",
      cutting.filter.whitespaceFraction < 1
        ? "whitespace_fraction=\(cutting.filter.whitespaceFraction) whitespace_threshold=\(cutting.filter.whitespaceThreshold)"
        : nil,
      "grayspace_fraction=\(cutting.filter.grayspaceFraction)",
      cutting.filter.grayspaceFraction < 1 ? "grayspace_threshold=\(cutting.filter.grayspaceThreshold)" : nil,
    ].compactMap(\.self).joined(separator: " ")
  }
}

extension TilePlan.Cutting {
  /// Without regions there is nothing to cut.
  var needsRegions: Bool {
    switch regionMethod {
    case .inside: true
    case .auto: regionClasses != nil
    case .outside, .ignore: false
    }
  }

  /// The regions of a slide that choose its tiles; nil where none do.
  ///
  /// - Parameter regions: all of the slide; nil if it has none.
  /// - Throws: `roiClassMissing` where the classes asked for are not among those that tiles are cut in.
  func chosen(of regions: RegionsOfInterest?, slide: String) throws(SlideError) -> RegionsOfInterest? {
    guard let regions, regionMethod != .ignore else { return nil }
    guard let wanted = regionClasses else { return regions }
    if let chosen = regions.ofClasses(wanted) { return chosen }
    // Outside of what a slide has not is all of it.
    if regionMethod == .outside { return nil }
    throw .roiClassMissing(
      slide: slide, wanted: wanted, found: regions.classes.map { "\($0.name) (\($0.count))" },
      unclassed: regions.unclassedCount)
  }

  /// What is to be said of the regions of a slide, besides from where they are counted.
  func remarks(on regions: RegionsOfInterest?, slide: String) -> [String] {
    guard let regions, regionMethod != .ignore else { return [] }
    var remarks = [regions.path.flatMap { RegionNote.sentence(regions.notes, path: $0) }].compactMap(\.self)
    if let wanted = regionClasses, regionMethod == .outside, regions.ofClasses(wanted) == nil {
      let found = regions.classes.map(\.name)
      remarks.append(
        "\(slide) has no region of the class \(wanted.joined(separator: " or ")), and is taken whole; "
          + (found.isEmpty ? "none of its regions has a class." : "its classes are \(found.joined(separator: ", "))."))
    }
    return remarks
  }
}
