/// The ground that a figure is drawn on, and the colours that are read on it.
package enum FigureTheme: String, Sendable, CaseIterable {
  case light
  case dark
  /// For a printed page: small letters in full black, and no caption, which a journal sets itself.
  case print

  package var ground: Colour { self == .dark ? Colour(hex: 0x16191D) : .white }
  /// Titles and names.
  var ink: Colour {
    switch self {
    case .light: Colour(hex: 0x1F2328)
    case .dark: Colour(hex: 0xE6E9ED)
    case .print: Colour(hex: 0x000000)
    }
  }
  /// Subtitles, counts, tick labels.
  var softInk: Colour {
    switch self {
    case .light: Colour(hex: 0x5F6770)
    case .dark: Colour(hex: 0xA7B0BA)
    case .print: Colour(hex: 0x2B2F33)
    }
  }
  var axisLine: Colour {
    switch self {
    case .light: Colour(hex: 0x8A929B)
    case .dark: Colour(hex: 0x6B7480)
    case .print: Colour(hex: 0x3A3F45)
    }
  }
  var gridLine: Colour { self == .dark ? Colour(hex: 0x272C32) : Colour(hex: 0xECEEF1) }

  /// Of the grid on a wall, which is darker than the page.
  var wallLine: Colour { self == .dark ? Colour(hex: 0x343A42) : Colour(hex: 0xDDE1E6) }
  /// What points cast on a floor.
  var shadow: Colour { self == .dark ? Colour(hex: 0x3F464E) : Colour(hex: 0xC9CED4) }

  /// What has no value.
  package var missing: Colour { self == .dark ? Colour(hex: 0x5B636C) : Palette.missing }
  /// What is shown for comparison only, below the points that a picture is about.
  package var context: Colour { self == .dark ? Colour(hex: 0x353B42) : Palette.context }

  /// The colour of the class at `index` (0-based) in category order; on one ground always the same for the same index.
  package func categorical(_ index: Int) -> Colour {
    self == .dark ? Palette.categoricalOnDark(index) : Palette.categorical(index)
  }

  /// The colour of a value at `fraction` of the scale, 0 to 1 (clamped).
  package func continuous(_ fraction: Double) -> Colour {
    guard fraction.isFinite else { return missing }
    // The darkest fifth would be lost on a dark ground.
    return Palette.continuous(self == .dark ? 0.22 + 0.78 * min(max(fraction, 0), 1) : fraction)
  }

  /// The colour of a value between −1 and 1 (clamped) of a scale whose middle means nothing: blue below, red above.
  package func diverging(_ value: Double) -> Colour {
    guard value.isFinite else { return missing }
    return self == .dark ? Palette.divergingOnDark(value) : Palette.diverging(value)
  }

  func colour(of ink: TextBlock.Ink) -> Colour { ink == .full ? self.ink : softInk }

  /// The page, the colours of texts, and shades for the smooth edges of their letters.
  var exactColours: [Colour] {
    [ground, ink, softInk]
      + [ink, softInk].flatMap { ink in
        stride(from: 0.0625, to: 1, by: 0.0625).map { ink.covering($0, of: ground) }
      } + [axisLine, gridLine]
  }
}
