import FeatureData
package import Rendering
package import Slides

/// A whole-slide image, with its tile grid where a tile size is known.
package struct StudySlide: Sendable {
  package let slide: WholeSlideImage
  /// Of level 0; nil where neither the file nor anybody says it.
  package let scale: SlideScale?
  package let selection: TileSelection?
  package let regions: RegionsOfInterest?
  /// Files of regions of the slide that are not read.
  let unreadRegions: [String]
  package let overview: SlideOverview
  /// How its tiles are cut; nil without a tile size.
  package let plan: TilePlan?
  /// The study that it was opened from, by its name there; nil for a file.
  package let study: Study?
  /// What it was opened with without being named: "of project p".
  package let basis: String?
  /// Tiles of features that are painted on it, in place of its own grid.
  package var shown: ShownTiles?

  /// The file, how it is cut, and the regions of interest.
  package var identity: String {
    let path = PathResolution.unique(slide.path)
    return [
      study?.identity ?? "", path, FileStamp.text(of: path), "\(scale?.micronsPerPixel ?? 0)",
      plan.map { "\($0.size.label) \($0.identity)" } ?? "", regions.map { "\($0.regions)" } ?? "",
      shown.map { "\($0.groups)" } ?? "",
    ].joined(separator: "\n")
  }
  package var shape: String {
    let size = "\(slide.width) × \(slide.height) px"
    return selection.map { size + ", grid \($0.grid.rowCount) × \($0.grid.columnCount)" } ?? size
  }

  /// Those that choose its tiles, or all where there is no grid.
  private var chosenRegions: RegionsOfInterest? {
    guard let plan, plan.cutting.regionMethod != .ignore else { return regions }
    return (try? plan.cutting.chosen(of: regions, slide: slide.name)) ?? nil
  }

  /// The tiles that are kept, by rows of the grid; their numbers are places in this list.
  package var keptCells: [TileGrid.Cell] {
    guard let selection else { return [] }
    return selection.verdicts.indices.filter { selection.verdicts[$0] == .kept }.map {
      TileGrid.Cell(column: $0 % selection.grid.columnCount, row: $0 / selection.grid.columnCount)
    }
  }

  package var figure: SlideFigure {
    var groups: [SlideFigure.TileGroup] = []
    if let shown {
      groups = shown.groups
    } else if let selection {
      let grid = selection.grid
      for verdict in CellVerdict.allCases {
        let corners = selection.verdicts.indices.filter { selection.verdicts[$0] == verdict }.map { index in
          let origin = grid.origin(
            of: TileGrid.Cell(column: index % grid.columnCount, row: index / grid.columnCount))
          return SIMD2(Int32(clamping: origin.x), Int32(clamping: origin.y))
        }
        if corners.isEmpty, verdict != .kept { continue }
        groups.append(
          SlideFigure.TileGroup(
            name: verdict == .kept ? "tiles" : verdict.words, colour: verdict.colour, mark: verdict.mark,
            corners: corners))
      }
    }
    return SlideFigure(
      overview: overview.image, downsample: overview.downsample,
      tileSide: Double(shown?.sidePixels ?? selection?.grid.fullExtractPixels ?? 0), groups: groups,
      outlines: (chosenRegions?.regions ?? []).map { region in region.vertices.map { SIMD2($0.x, $0.y) } },
      micronsPerPixel: scale?.micronsPerPixel, title: slide.name, footer: footer)
  }

  private var scaleText: String {
    guard let scale else {
      switch slide.scaleHint {
      case .tags(let microns)?: return "not in the file; its TIFF's resolution tags would give \(microns.scaleText) µm"
      case .resolution(let microns)?:
        return "not in the file; the resolution that it gives would make it \(microns.scaleText) µm"
      case .objective(let power)?:
        return "not in the file; a \(power.shortText)x objective would give \((10 / power).scaleText) µm"
      case nil: return "not in the file"
      }
    }
    let mpp = scale.micronsPerPixel
    let (width, height) = (Double(slide.width) * mpp / 1000, Double(slide.height) * mpp / 1000)
    return "\(mpp.scaleText) µm, \(scale.source == .file ? "as the file says" : "as given") "
      + "(\(width.shortText) × \(height.shortText) mm)"
      + (slide.unequalPixelHeight.map { "; the file says that pixels are \($0.scaleText) µm high, which is not used" }
        ?? "")
  }

  package var footer: String? {
    let parts = [shown?.sentence ?? caption, basis?.asSentence].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// The grid in a sentence.
  private var caption: String? {
    guard let grid = selection?.grid else { return nil }
    if grid.cellCount == 0 {
      return "A tile of \(grid.size.label) takes \(grid.fullExtractPixels) px of level 0, more than the slide has."
    }
    var text =
      "Grid of \(grid.size.label): \(grid.rowCount) rows × \(grid.columnCount) columns, \(grid.fullExtractPixels) px of "
      + "level 0 a tile, read from level \(grid.level)"
    if grid.extractPixels != grid.size.pixels {
      text += " at \(grid.extractPixels) px and brought to \(grid.size.pixels) px"
    }
    text += "."
    if let regions = chosenRegions, regions.holeCount > 0 {
      text += " \(regions.holeCount.counted("region")) \(regions.holeCount == 1 ? "is a hole" : "are holes")."
    }
    return text
  }

  package var table: DataTable {
    var rows: [[DataTable.Cell]] = [
      [.text("file"), .text(slide.path.withShortPaths)], [.text("format"), .text(slide.vendor)],
      [.text("size"), .text("\(slide.width) × \(slide.height) px")],
    ]
    rows.append([.text("microns per pixel"), .text(scaleText)])
    if let scanned = slide.scannedPart {
      rows.append([
        .text("scanned part"),
        .text(
          "\(scanned.width) × \(scanned.height) px from (\(scanned.x), \(scanned.y)) on; QuPath counts from there, all here "
            + "from the corner of the whole slide"),
      ])
    }
    if let power = slide.objectivePower { rows.append([.text("objective"), .text("\(power.shortText)x")]) }
    rows.append([
      .text("levels"),
      .text(slide.levels.map { "\($0.width) × \($0.height) (1/\($0.downsample.shortText))" }.joined(separator: ", ")),
    ])
    if !slide.associatedImages.isEmpty {
      let images = slide.associatedImages.map { "\($0.name) \($0.width) × \($0.height)" }
      rows.append([.text("pictures"), .text(images.joined(separator: ", "))])
    }
    if let regions { rows.append([.text("regions of interest"), .text(summary(of: regions))]) }
    if let selection {
      let counts = CellVerdict.allCases.compactMap { verdict -> String? in
        let count = selection.verdicts.count { $0 == verdict }
        return count == 0 && verdict != .kept ? nil : "\(count) \(verdict.words)"
      }
      rows.append([
        .text("grid (rows, columns)"),
        .text("(\(selection.grid.rowCount), \(selection.grid.columnCount)): " + counts.joined(separator: ", ")),
      ])
    }
    return DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")], rows: rows,
      caption: "Slide \(slide.name)".followed(by: basis))
  }

  /// Where they are from, and how many there are of each class.
  private func summary(of regions: RegionsOfInterest) -> String {
    let classes = regions.classes.map { "\($0.name) (\($0.count))" }
    let rest = regions.unclassedCount
    return
      ([regions.path?.withShortPaths].compactMap(\.self) + [
        (classes + (rest > 0 ? [(classes.isEmpty ? "" : "without a class ") + "\(rest)"] : [])).joined(separator: ", ")
      ]).joined(separator: ": ")
  }

  /// What is to be said beside the table.
  package var remarks: [Remark] {
    var remarks: [Remark] = []
    if let scale { remarks += SlideScale.remarks(on: [(slide.name, scale)]).map { .warning($0) } }
    let cutting = plan?.cutting ?? TilePlan.Cutting()
    remarks += cutting.remarks(on: regions, slide: slide.name).map { .warning($0.withShortPaths) }
    if let unread = UnreadRegions.remark(unreadRegions, of: slide.name, besides: regions?.path) {
      remarks.append(.warning(unread.withShortPaths))
    }
    if let outside = regions?.outside(slide), !outside.isEmpty {
      let names = outside.prefix(5).joined(separator: ", ") + (outside.count > 5 ? ", …" : "")
      remarks.append(
        .warning("Of the regions of interest \(names) \(outside.count == 1 ? "lies" : "lie") outside of the slide."))
    }
    if let regions, let part = slide.scannedPart {
      remarks += PlaceFrame.remarks(onRegionsOf: [(slide.name, part.x, part.y, regions.frame)]).map { .note($0) }
    }
    return remarks
  }

  /// What is to be said beside the picture.
  package var pictureRemarks: [Remark] {
    overview.unreadableCount == 0
      ? []
      : [
        .warning(
          "\(overview.unreadableCount.counted("piece")) of the slide cannot be read and \(overview.unreadableCount == 1 ? "is" : "are") white here."
        )
      ]
  }
}

extension CellVerdict {
  /// On the picture of a slide: what was found on it is shown where it is.
  fileprivate var mark: SlideFigure.TileGroup.Mark {
    switch self {
    case .kept: .outline
    case .unreadable, .pen, .fold, .blurred: .tint
    case .outsideRegion, .noTissue, .background: .none
    }
  }

  fileprivate var colour: Colour {
    switch self {
    case .kept: SlideFigure.keptColour
    case .pen: Palette.categorical(2)
    case .fold: Palette.categorical(3)
    case .blurred: Palette.categorical(4)
    case .unreadable, .outsideRegion, .noTissue, .background: SlideFigure.unreadableColour
    }
  }
}
