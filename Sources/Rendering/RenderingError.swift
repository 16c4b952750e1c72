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
