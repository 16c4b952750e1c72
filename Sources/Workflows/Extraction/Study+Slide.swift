package import FeatureData
package import Slides

/// How a slide is opened and its grid laid.
package struct SlideRequest: Sendable {
  package let slide: SlideOpening.Asked
  /// Of the tiles; nil where it is to be known from elsewhere.
  package var size: TileSize?
  /// That of a dataset, for a slide of the study where no size is given; nil for the only one of the study.
  package var datasetSize: TileSize?
  /// Nil for that of a slide that is open, else the default.
  package var cutting: TilePlan.Cutting?
  /// The argument that says how tiles are cut, for where their size is not known.
  package var cuttingParameter: String?
  /// Nil for that of a slide that is open.
  package var scale: GivenScale?
  /// Of regions of interest; nil for those of the study.
  package var regionsPath: String?

  package init(_ slide: SlideOpening.Asked) { self.slide = slide }

  /// True for a slide of a study, by its name or open.
  package var isOfStudy: Bool {
    switch slide {
    case .open(let opened): opened.study != nil
    case .named: true
    case .file: false
    }
  }
}

extension StudySlide {
  /// Opens a slide; where the size of its tiles is known, with its grid.
  ///
  /// - Parameters:
  ///   - study: that has the slide; nil for a file.
  ///   - basis: what it is opened with without being named, for a slide of a study.
  package static func open(
    _ request: SlideRequest, study: Study?, basis: String? = nil, remarks: any RemarkSink, monitor: any WorkMonitor
  ) throws -> StudySlide {
    let opened = request.slide.opened
    let isOfStudy = request.isOfStudy
    let found = try SlideOpening.find(
      request.slide, regionsPath: request.regionsPath, study: study, monitor: monitor)
    let slide = found.image
    // Without a size the slide is shown, where its tiles can be known from the study also with their grid.
    let size = request.size ?? opened?.plan?.size ?? (isOfStudy ? request.datasetSize ?? study?.onlyTileSize : nil)
    if size == nil, let parameter = request.cuttingParameter {
      throw WorkflowFailure(
        "\(parameter) is about tiles, and their size is not known.", remedy: "tile_px=299 tile_um=302",
        parameter: parameter)
    }
    let overview = try Reporting.run(parameter: "slide") {
      try SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
    }
    var selection: TileSelection?
    let given = request.scale ?? .of(opened)
    let scale = SlideScale(file: slide.micronsPerPixel, given: given[slide.name], hint: slide.scaleHint)
    let plan = size.map { TilePlan(size: $0, scale: given, cutting: request.cutting, as: opened) }
    if let size, request.size == nil, let fault = gridFault(slide, size, request, given) {
      // Nobody asked for a grid: the slide is shown without one.
      remarks.note("No grid of \(size.label) is laid: \(fault.description.withShortPaths)")
    } else if let plan {
      selection = try Reporting.run(parameter: request.size == nil ? "slide" : "tile_um") {
        let wanted = try plan.selection(
          of: slide, regions: found.regions, regionFolders: found.regionFolders, overview: overview, monitor: monitor)
        return try TileExtraction(
          slide, selection: wanted, filter: plan.cutting.filter, checksFocus: plan.cutting.checks.contains(.blur)
        ).judged(monitor: monitor)
      }
    }
    return StudySlide(
      slide: slide, scale: scale, selection: selection, regions: found.regions, unreadRegions: found.unreadRegions,
      overview: overview, plan: plan,
      study: isOfStudy ? opened?.study ?? study : nil, basis: isOfStudy ? basis : nil)
  }

  private static func gridFault(
    _ slide: WholeSlideImage, _ size: TileSize, _ request: SlideRequest, _ scale: GivenScale
  ) -> SlideError? {
    do throws(SlideError) {
      _ = try TileGrid(
        slide, size: size, strideDivisor: request.cutting?.strideDivisor ?? 1, micronsPerPixel: scale[slide.name])
      return nil
    } catch {
      return error
    }
  }
}

extension Study {
  /// The size of the tiles, where there is only one.
  fileprivate var onlyTileSize: TileSize? {
    let sizes = project.tileSizes
    return sizes.count == 1 ? sizes[0] : nil
  }
}
