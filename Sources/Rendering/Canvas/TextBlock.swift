import FeatureData

/// A piece of text as it is to be set: what it says, how large, and how much room it has.
struct TextBlock: Equatable, Sendable {
  enum Weight: Sendable {
    case regular
    case bold
  }

  enum Alignment: Sendable {
    case leading
    case centre
  }

  /// How strongly it stands out; the theme gives the colour.
  enum Ink: Sendable {
    case full
    case soft
  }

  let text: String
  var size: Double
  var weight: Weight
  var ink: Ink
  /// CSS pixels; nil for one line of any length.
  var maximumWidth: Double?
  /// Lines beyond this are cut with an ellipsis; 1 cuts in the line.
  var maximumLines: Int
  var alignment: Alignment

  /// - Parameter size: The em, in CSS pixels.
  init(
    _ text: String, size: Double, weight: Weight = .regular, ink: Ink = .full, maximumWidth: Double? = nil,
    maximumLines: Int = 1, alignment: Alignment = .leading
  ) {
    // Line ends would break the line, and other control characters end the text.
    self.text = text.visible
    self.size = size
    self.weight = weight
    self.ink = ink
    self.maximumWidth = maximumWidth
    self.maximumLines = maximumLines
    self.alignment = alignment
  }
}
