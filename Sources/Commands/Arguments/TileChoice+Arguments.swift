import CommandLanguage
import Workflows

extension TileChoice {
  static let parameters = [
    ParameterDeclaration("slide", .name(.slide), "Only tiles of this slide."),
    ParameterDeclaration(
      "tiles", .either([.range, .list(.integer(0...1_000_000_000))]), "Tiles of each slide, by number."),
    ParameterDeclaration(
      "area", .list(.number(-1e9...1e9)),
      "[x0, y0, x1, y1]: tiles whose centre lies there; in pixels of level 0 from the corner of the whole slide, as OpenSlide "
        + "counts them, on a map in its coordinates."),
  ]
}

extension TileChoice.Asked {
  init(_ arguments: BoundArguments) {
    self.init(
      slide: arguments.text("slide"), numbers: TileChoice.Numbers(arguments["tiles"]), area: arguments.numbers("area"))
  }
}

extension TileChoice.Numbers {
  /// Nil if it was left out.
  init?(_ value: BoundValue?) {
    switch value {
    case nil: return nil
    case .range(let range)?: self = .range(range)
    case let value?: self = .list(value.items.compactMap(\.integer))
    }
  }
}
