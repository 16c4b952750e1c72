/// The colours of classes and of numbers that a figure is drawn in, where others are asked for than the usual ones.
package struct FigurePalette: Sendable, Equatable {
  /// From low to high.
  package enum Numbers: String, Sendable, CaseIterable {
    /// Dark violet, blue, green, yellow: the usual one.
    case spectrum
    /// Dark red over orange to pale yellow.
    case heat
    /// Of one hue, the stronger the higher.
    case blues, reds, greys
    /// Blue, grey, red.
    case diverging
  }

  package enum Classes: String, Sendable, CaseIterable {
    /// Those that most readers can tell apart: the usual ones.
    case distinct
    /// Around the circle of hues, of one lightness.
    case hues
    /// The same, pale.
    case pastel
  }

  /// Nil for the usual one, which shows where zero is, if that means something.
  package var numbers: Numbers?
  package var classes = Classes.distinct
  /// By the name of a class; these come before all others.
  package var own: [String: Colour]

  package init(numbers: Numbers? = nil, classes: Classes = .distinct, own: [String: Colour] = [:]) {
    self.numbers = numbers
    self.classes = classes
    self.own = own
  }

  /// The colour of each class.
  ///
  /// - Parameter numbers: of the classes' usual colours; nil for their places.
  package func colours(of names: [String], numbers: [Int]? = nil, in theme: FigureTheme) -> [Colour] {
    names.indices.map { index in
      if let colour = own[names[index]] { return colour }
      let number = numbers?[index] ?? index
      switch classes {
      case .distinct: return theme.categorical(number)
      case .hues: return Self.hue(number, lightness: theme == .dark ? 0.74 : 0.60, chroma: 0.14)
      case .pastel: return Self.hue(number, lightness: theme == .dark ? 0.80 : 0.78, chroma: 0.085)
      }
    }
  }

  /// Each hue as far as may be from those before it, and every other one a little darker.
  private static func hue(_ number: Int, lightness: Double, chroma: Double) -> Colour {
    let goldenAngle = 137.507_764
    let shade = number % 2 == 0 ? 0.0 : -0.07
    return OKLab(
      lightness: lightness + shade, chroma: chroma,
      hueDegrees: (25 + Double(number) * goldenAngle).truncatingRemainder(dividingBy: 360)
    ).colour
  }
}

extension FigurePalette.Numbers {
  /// - Parameter share: 0 at the lower end, 1 at the upper.
  func colour(atShare share: Double, in theme: FigureTheme) -> Colour {
    guard share.isFinite else { return theme.missing }
    let share = min(max(share, 0), 1)
    switch self {
    case .spectrum: return theme.continuous(share)
    case .diverging: return theme.diverging(share * 2 - 1)
    case .heat:
      let start = theme == .dark ? 0.42 : 0.28
      return OKLab(
        lightness: start + (0.90 - start) * share, chroma: 0.13 + 0.06 * (1 - abs(2 * share - 1)),
        hueDegrees: 18 + 82 * share
      ).colour
    case .blues: return ramp(share, hue: 252, chroma: 0.15, theme)
    case .reds: return ramp(share, hue: 27, chroma: 0.17, theme)
    case .greys: return ramp(share, hue: 250, chroma: 0.006, theme)
    }
  }

  /// The low end is still seen on the ground.
  private func ramp(_ share: Double, hue: Double, chroma: Double, _ theme: FigureTheme) -> Colour {
    let (low, high) = theme == .dark ? (0.36, 0.92) : (0.87, 0.30)
    return OKLab(
      lightness: low + (high - low) * share, chroma: chroma * (0.25 + 0.75 * share), hueDegrees: hue
    ).colour
  }
}
