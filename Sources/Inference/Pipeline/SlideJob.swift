package import FeatureData

/// The tiles of one slide, to be run through a model.
package struct SlideJob: Sendable {
  /// Writes tile `index` as side × side × 3 bytes RGB, upright, row 0 at the top. Called from several threads.
  package typealias Load = @Sendable (_ index: Int, _ pixels: UnsafeMutableBufferPointer<UInt8>) throws -> Void

  package let name: String
  package let tileCount: Int
  let load: Load

  package init(name: String, tileCount: Int, load: @escaping Load) {
    self.name = name
    self.tileCount = tileCount
    self.load = load
  }
}

/// What a model gave for the tiles of one slide.
package struct SlideInference: Sendable {
  package let name: String
  /// The tile of each row, ascending: all but those that could not be loaded.
  package let tiles: [Int]
  /// One matrix for each layer asked for, in that order: a row for each of `tiles`.
  package let activations: [Matrix]
  package let logits: Matrix?
  /// Tiles that could not be loaded, ascending, with what `load` threw.
  package let failures: [(tile: Int, error: any Error)]
}
