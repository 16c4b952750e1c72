/// What can go wrong while a picture is made.
package enum RenderingError: Error, Equatable {
  /// The library that draws or writes the picture refused; its own words.
  case surface(String)
  /// zlib refused; its status.
  case compression(Int32)
  /// A list that must hold one entry a point holds another number.
  case unequalCounts(expected: Int, found: Int)
  /// The picture would be larger than the format or the drawing library allows (pixels).
  case tooLarge(width: Int, height: Int)
}

extension RenderingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .surface(let reason): "The picture cannot be drawn: \(reason)."
    case .compression(let code): "The picture cannot be compressed: zlib error \(code)."
    case .unequalCounts(let expected, let found): "There are \(found) values for \(expected) points."
    case .tooLarge(let width, let height): "A picture of \(width) × \(height) pixels is too large."
    }
  }
}
