package import FeatureData

/// Writes features as TRIDENT does: `features` f4 n × d and `coords` i8 n × 2 (top-left corners, level 0), with attributes.
package enum TRIDENTFile {
  /// What TRIDENT notes about the tiles and their slide; what is nil is left out.
  package struct Attributes: Sendable, Equatable {
    package var encoder: String
    /// Pixels of the tile's side as the encoder saw it.
    package var patchSize: Int?
    /// Level-0 pixels of the tile's side.
    package var patchSizeLevel0: Int?
    package var level0Width: Int?
    package var level0Height: Int?
    package var level0Magnification: Int?
    package var targetMagnification: Int?
    package var overlap: Int

    package init(
      encoder: String, patchSize: Int? = nil, patchSizeLevel0: Int? = nil, level0Width: Int? = nil,
      level0Height: Int? = nil, level0Magnification: Int? = nil, targetMagnification: Int? = nil, overlap: Int = 0
    ) {
      self.encoder = encoder
      self.patchSize = patchSize
      self.patchSizeLevel0 = patchSizeLevel0
      self.level0Width = level0Width
      self.level0Height = level0Height
      self.level0Magnification = level0Magnification
      self.targetMagnification = targetMagnification
      self.overlap = overlap
    }

    fileprivate var ofPlaces: [(String, Int)] {
      let all: [(String, Int?)] = [
        ("level0_height", level0Height), ("level0_magnification", level0Magnification), ("level0_width", level0Width),
        ("overlap", overlap), ("patch_size", patchSize), ("patch_size_level0", patchSizeLevel0),
        ("target_magnification", targetMagnification),
      ]
      return all.compactMap { name, value in value.map { (name, $0) } }
    }
  }

  /// - Parameter corners: one for each row.
  package static func write(
    _ features: Matrix, corners: [TileLocation], slide: String, attributes: Attributes, to path: String
  ) throws(BagError) {
    do throws(FeatureStoreError) {
      try StoreFile.write(path) { temporary throws(FeatureStoreError) in
        let file = try HDF5File.create(temporary)
        try file.write("features", features)
        try file.setAttribute("encoder", attributes.encoder, on: "features")
        try file.setAttribute("name", slide, on: "features")
        try file.write(
          "coords", rowCount: corners.count, columnCount: 2, corners.flatMap { [Int64($0.x), Int64($0.y)] })
        try file.setAttribute("name", slide, on: "coords")
        for (name, value) in attributes.ofPlaces { try file.setAttribute(name, value, on: "coords") }
        try file.flush()
      }
    } catch {
      throw BagError(writing: path, error)
    }
  }
}
