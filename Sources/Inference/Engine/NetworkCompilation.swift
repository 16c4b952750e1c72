/// What an engine is asked to compile: a model cut at some of its tensors, for batches of one shape.
package struct NetworkCompilation: Sendable {
  /// Of the file that the layers were found in.
  package let path: String
  /// How a program in Python makes the network, as JSON; nil for a file that was made elsewhere.
  package var recipe: String? = nil
  package let input: ModelInput
  /// The tensors wanted, each as batch × `width` in single precision, pooled over its `pooledAxes`.
  package let layers: [Layer]
  /// From bytes to the numbers that the network reads, inside the compiled graph.
  package let standardization: Standardization
  /// How tiles of another side than the network's become such.
  package let resizing: TileResizing
  /// Width and height of the tiles that come.
  package let sidePixels: Int
  /// Tiles of a batch.
  package let batch: Int
  package let precision: InferenceSettings.Precision
  /// The ranges of eight bits; nil for the other precisions.
  package var calibration: Calibration? = nil
  /// Batches computed at the same time, on one thread each. It must not change a result.
  package let streams: Int
  /// Where it is computed; one worker each.
  package var devices = ["cpu"]

  /// Width and height that the network reads; tiles of another side are resized as Pillow does.
  package var networkSidePixels: Int { input.sidePixels ?? sidePixels }

  /// Width and height that tiles are resized to, of which the network reads the middle.
  package var resizedSidePixels: Int { resizing.resizedSide(of: networkSidePixels) }

  /// Bytes of a tile.
  var tileByteCount: Int { sidePixels * sidePixels * 3 }
}
