package import Slides

/// A tile size as far as it was said: by its folder's name, or by pixels and extent, either of which may be left out.
package struct TileSizeRequest: Sendable {
  package var label: String?
  package var pixels: Int?
  package var extent: TileSize.Extent?

  package init(label: String? = nil, pixels: Int? = nil, extent: TileSize.Extent? = nil) {
    self.label = label
    self.pixels = pixels
    self.extent = extent
  }

  /// What is left out is filled in when only one size of the project fits; nil if nothing was said.
  package func size(in project: Project) throws(WorkflowFailure) -> TileSize? {
    if let label {
      if let size = TileSize(label: label) { return size }
      throw WorkflowFailure(
        "\(label) is no tile size, such as 299px_302um or 299px_10x.",
        remedy: project.tileSizes.first.map { "size=\($0.label)" }, parameter: "size")
    }
    if let pixels, let extent { return TileSize(pixels: pixels, extent: extent) }
    guard pixels != nil || extent != nil else { return nil }
    let fitting = project.tileSizes.filter { $0.pixels == pixels ?? $0.pixels && $0.extent == extent ?? $0.extent }
    guard fitting.count == 1 else {
      let labels = project.tileSizes.map(\.label)
      throw WorkflowFailure(
        "\(fitting.isEmpty ? "No" : "More than one") tile size fits; the project has \(labels.joined(separator: ", ")).",
        remedy: project.tileSizes.first.map { "tile_px=\($0.pixels) tile_um=\($0.extentText)" },
        parameter: pixels == nil ? "tile_um" : "tile_px")
    }
    return fitting[0]
  }

  /// The size where both parts were said; nil where neither was.
  package func whole() throws(WorkflowFailure) -> TileSize? {
    guard let pixels else {
      guard extent != nil else { return nil }
      throw WorkflowFailure("tile_um is given without tile_px.", remedy: "tile_px=299", parameter: "tile_um")
    }
    guard let extent else {
      throw WorkflowFailure("tile_px is given without tile_um.", remedy: "tile_um=302", parameter: "tile_px")
    }
    return TileSize(pixels: pixels, extent: extent)
  }
}
