package import FeatureData

/// Decoding of a single tile's picture.
package enum TileImage {
  /// The whole picture of a JPEG or PNG file.
  package static func decode(_ bytes: [UInt8]) throws(ImageFault) -> RGBImage {
    try decode(bytes, fittingSide: TileDecoder.maximumSide)
  }

  /// The picture with both sides at least `fittingSide` pixels, as in `TileDecoder`.
  package static func decode(_ bytes: [UInt8], fittingSide: Int) throws(ImageFault) -> RGBImage {
    let decoder = TileDecoder()
    var result: Result<RGBImage, ImageFault> = .failure(.unknownFormat)
    bytes.withUnsafeBytes { buffer in
      do throws(ImageFault) {
        result = .success(try decoder.decode(buffer, fittingSide: fittingSide))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}
