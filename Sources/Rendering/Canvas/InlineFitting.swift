/// Finds how many device pixels a CSS pixel a photograph may have in a notebook.
struct InlineFitting {
  /// A picture, or how large it would have become at least.
  enum Trial {
    case made(EncodedPicture)
    case tooLarge(byteCount: Int)
  }

  /// The picture should not be larger; at the last scale it may be.
  let byteLimit: Int
  /// Device pixels a CSS pixel, falling.
  let scales: [Double]

  /// - Parameter attempt: gets the number of a scale, the scale, and the limit, which is nil where the picture is made
  ///   however large it is.
  func picture<Failure: Error>(
    _ attempt: (_ number: Int, _ scale: Double, _ byteLimit: Int?) throws(Failure) -> Trial
  ) throws(Failure) -> EncodedPicture {
    var known: (byteCount: Int, scale: Double)?
    for (number, scale) in scales.dropLast().enumerated() {
      // Tissue does not become smaller than its area does.
      if let known, Double(known.byteCount) * (scale / known.scale) * (scale / known.scale) > Double(byteLimit) {
        continue
      }
      switch try attempt(number, scale, byteLimit) {
      case .made(let picture) where picture.bytes.count <= byteLimit: return picture
      case .made(let picture): known = (picture.bytes.count, scale)
      case .tooLarge(let byteCount): known = (byteCount, scale)
      }
    }
    guard case .made(let picture) = try attempt(scales.count - 1, scales[scales.count - 1], nil) else {
      preconditionFailure("without a limit a picture is made")
    }
    return picture
  }
}
