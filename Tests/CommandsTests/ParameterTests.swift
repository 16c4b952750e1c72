import Commands
@testable import CommandLanguage
import Testing

/// That every argument that the language lets through can be held by the property it is meant for.
@Suite struct ParameterTests {
  private let commands = CommandSet.registry.commands.filter {
    CommandSet.registry.commandNames.contains($0.declaration.name)
  }

  @Test func `Every parameter of every command reads whatever its declared type lets through`() {
    var count = 0
    for command in commands {
      for parameter in command.declaration.parameters {
        for sample in Self.samples(of: parameter.type) {
          let unread = command.unreadable(BoundArguments(values: [parameter.name: sample]))
          #expect(unread == nil, "\(command.declaration.name) \(parameter.name) \(sample)")
          count += 1
        }
      }
    }
    // 140 parameters, some in several forms.
    #expect(count > 250)
  }

  @Test func `A form that the type does not let through is told by its name`() {
    for command in commands {
      for parameter in command.declaration.parameters where parameter.type == .boolean {
        #expect(command.unreadable(BoundArguments(values: [parameter.name: .text("yes")])) == parameter.name)
      }
    }
  }

  @Test func `A default is one that may be given`() {
    for command in commands {
      for parameter in command.declaration.parameters {
        guard let text = parameter.defaultText, !Self.isWordedOtherwise(parameter.type) else { continue }
        let samples = Self.samples(of: parameter.type)
        let isKnown = samples.contains { sample in
          switch sample {
          case .text(let word): word == text
          case .boolean: ["true", "false"].contains(text)
          case .integer, .number: Double(text) != nil
          case .none: text == "none"
          case .list: text.hasPrefix("[")
          default: false
          }
        }
        #expect(isKnown, "\(command.declaration.name) \(parameter.name)=\(text)")
        if case .number(let bounds) = parameter.type { #expect(Double(text).map(bounds.contains) == true) }
        if case .integer(let bounds) = parameter.type { #expect(Int(text).map(bounds.contains) == true) }
      }
    }
  }

  @Test func `A look before anything is given asks for nothing that is missing`() {
    for command in commands {
      let input = PeekInput(arguments: BoundArguments(), subjectNames: nil, parameterNames: [:])
      _ = command.peek(input)
      _ = command.identify(input)
      for parameter in command.declaration.parameters {
        _ = parameter.implication?.applies(BoundArguments())
        // A value that does not exist yet.
        let early = BoundArguments(values: [parameter.name: .value(name: "x", nil)])
        _ = command.peek(PeekInput(arguments: early, subjectNames: nil, parameterNames: [:]))
        _ = parameter.implication?.applies(early)
      }
    }
  }

  /// Paths are shown as a form.
  private static func isWordedOtherwise(_ type: ParameterType) -> Bool { if case .path = type { true } else { false } }

  /// An argument in each form that a type has, session values aside, which have types of their own.
  private static func samples(of type: ParameterType) -> [BoundValue] {
    switch type {
    case .integer(let bounds): [.integer(bounds.lowerBound), .integer(bounds.upperBound)]
    case .number(let bounds): [.number(bounds.lowerBound), .integer(Int(min(bounds.upperBound, 1)))]
    case .boolean: [.boolean(true), .boolean(false)]
    case .text, .name: [.text("a word")]
    case .choice(let choices): choices.map { .text($0) }
    case .choiceOrCount(let choices, let counted, let bounds):
      (choices + ["\(counted):\(bounds.lowerBound)", "\(counted):\(bounds.upperBound)"]).map { .text($0) }
    case .path: [.path("./a.csv")]
    case .tile: [.tile(slide: "S", index: 3)]
    case .value: []
    case .valueOrSlot: [.value(name: "x", nil), .unnamed(ValueType("Map"), nil)]
    case .valueOrPath: [.path("./a.csv")]
    case .valueOrName: [.text("a name")]
    case .nameOrPath: [.text("a name"), .path("./a.svs")]
    case .indexOrName: [.integer(2), .text("a name")]
    case .quantity, .measure:
      [.quantity(.column("c")), .quantity(.feature(layer: nil, index: 2)), .quantity(.slide), .quantity(.cluster)]
    case .range: [.range(0..<4)]
    case .percentile: [.text("p99")]
    case .microns: [.integer(302), .number(302.5), .magnification(20)]
    case .list(let item): samples(of: item).map { .list([$0, $0]) } + samples(of: item)
    case .categoriesByColumn: [.categories([("c", ["a", "b"])])]
    case .numbersByName: [.numbers([("S", 0.5)])]
    case .rangesByName: [.ranges([("layer", 0..<4)])]
    case .conditionsByQuantity: [.list([.asked(of: .quantity(.column("site")), [.equal("A")])])]
    case .comparison: [.asked(of: .quantity(.column("age")), [.above(60, orEqual: false)])]
    case .conditionsByName: [.conditions([("c", [.equal("a"), .above(0.5, orEqual: false)])])]
    case .textsByName: [.categories([("c", ["red"])])]
    case .sortKey: [.text("-c")]
    case .optional(let other): [.none] + samples(of: other)
    case .either(let types): types.flatMap(samples)
    }
  }
}
