import CommandLanguage
import Rendering
import Workflows

/// Colours of a picture: a palette by its name, a colour for each of some classes, or colours in the order of the classes.
enum PaletteParameter: ParameterValue {
  case named(String)
  case byClass([(name: String, colour: String)])
  case inOrder([String])

  static let parameterType = ParameterType.either([
    .choice(FigurePalette.Numbers.allCases.map(\.rawValue) + FigurePalette.Classes.allCases.map(\.rawValue)),
    .textsByName(key: "class", text: "colour"), .list(.text),
  ])

  init?(argument: BoundValue) {
    switch argument {
    case .list(let items): self = .inOrder(items.compactMap(\.text))
    case .categories:
      guard let pairs = TextsByName(argument: argument)?.pairs else { return nil }
      self = .byClass(pairs.map { ($0.name, $0.text) })
    default:
      guard let text = argument.text else { return nil }
      self = .named(text)
    }
  }

  func choice(for parameter: String) throws -> PaletteChoice {
    switch self {
    case .named(let name):
      PaletteChoice(
        FigurePalette.Numbers(rawValue: name).map { .numbers($0) }
          ?? FigurePalette.Classes(rawValue: name).map { .classes($0) })
    case .byClass(let pairs):
      PaletteChoice(
        .own(
          Dictionary(try pairs.map { ($0.name, try Colour(named: $0.colour, for: parameter)) }) { first, _ in first }))
    case .inOrder(let texts):
      PaletteChoice(.inOrder(try texts.map { try Colour(named: $0, for: parameter) }))
    }
  }
}

extension Colour {
  /// - Throws: `CommandFailure` for what is no colour.
  init(named text: String, for parameter: String) throws {
    guard let colour = Colour(written: text) else {
      throw CommandFailure(
        "\(text) is no colour: it is written by its name, such as crimson, or as \"#DC143C\".", parameter: parameter)
    }
    self = colour
  }
}
