import CommandLanguage
import SmallLanguage

/// Makes cells from the declarations in which nothing is wrong, for the session of `CellProperties`.
struct ValidCells: Sendable {
  let commandNames: [String]
  let parameterNames: [String]
  private let declarations: [CommandDeclaration]

  init() {
    let all = CellProperties.richSession().registry.commands.map(\.declaration)
    commandNames = all.map(\.name)
    parameterNames = Array(Set(all.flatMap { $0.parameters.map(\.name) })).sorted()
    // What is forgotten is missed by the lines below.
    declarations = all.filter { !$0.forgetsValues }
  }

  func cell(_ random: inout SplitMix) -> String {
    let newline = random.pick(["\n", "\n", "\n", "\r\n", "\r"])
    var lines: [String] = []
    for index in 0...random.below(4) {
      if random.chance(10) { lines.append(random.pick(["", "  ", "# a [comment", "\t# é"])) }
      var line = statement(named: random.chance(40) ? "r\(index)" : nil, newline, &random)
      if random.chance(10) { line += random.pick([";", " ;", "; # shown no more"]) }
      if random.chance(10) { line += " # " + random.pick(["why", "it's", "\"", "\\"]) }
      lines.append(random.pick(["", "", "", " ", "\t"]) + line)
    }
    return lines.joined(separator: newline)
  }

  private func statement(named name: String?, _ newline: String, _ random: inout SplitMix) -> String {
    let declaration = random.pick(declarations)
    if random.chance(4) {
      return random.pick(["df", "m", "m.map", "help " + declaration.name, declaration.name + "?"])
    }
    var positional: [String] = []
    var named: [String] = []
    if let subject = declaration.subject {
      let value = self.value(of: subject.types, &random)
      positional.append(subject.acceptsList && random.chance(30) ? "[m, u]" : value)
    }
    // What is left out may be ambiguous by the lines above.
    for parameter in declaration.parameters
    where parameter.isRequired
      || parameter.effects.isEmpty && (parameter.implication != nil || random.chance(40))
    {
      let text = argument(parameter.type, newline, &random)
      if parameter.isPositional, parameter.isRequired, random.chance(50), named.isEmpty {
        positional.append(text)
      } else {
        named.append(parameter.name + random.pick(["=", "=", "=", " = ", "= "]) + text)
      }
    }
    named.shuffle(using: &random)
    let gap = random.pick([" ", " ", " ", "  ", "\t", "\u{A0}", " \\" + newline + "  ", " \\ " + newline])
    let target = name.map { declaration.result == nil ? "" : $0 + random.pick([" = ", "=", "= "]) } ?? ""
    return target + ([declaration.name] + positional + named).joined(separator: gap)
  }

  private func value(of types: [ValueType], _ random: inout SplitMix) -> String {
    switch random.pick(types.isEmpty ? [SmallLanguage.features] : types) {
    case SmallLanguage.project: "p"
    case SmallLanguage.dataset: "d"
    case SmallLanguage.labels: "l"
    case SmallLanguage.model: "n"
    case SmallLanguage.map: random.pick(["u", "m", "m.map"])
    case SmallLanguage.mosaic: "m"
    default: "df"
    }
  }

  /// A text that may stand for a type.
  private func argument(_ type: ParameterType, _ newline: String, _ random: inout SplitMix) -> String {
    switch type {
    case .integer(let bounds):
      let high = bounds.upperBound - bounds.lowerBound > 1_000 ? bounds.lowerBound + 1_000 : bounds.upperBound
      return String(random.pick([bounds.lowerBound, bounds.upperBound, high]))
    case .number(let bounds): return random.pick([String(bounds.lowerBound), String(bounds.upperBound)])
    case .boolean: return random.pick(["true", "false", "True", "FALSE"])
    case .text: return random.pick(["word", "\"two words\"", "'it is'", "\"\\u{e9}\\n\"", "HPV+", "a-1.b_2"])
    case .choice(let choices): return quoted(random.pick(choices), &random)
    case .choiceOrCount(let choices, let counted, let bounds):
      return random.pick(choices + ["\(counted):\(bounds.lowerBound)", "\(counted):\(bounds.upperBound)"])
    case .path(.existingFile), .path(.existingFileOrFolder):
      return random.pick(["model.onnx", "./model.onnx", "\"my net.onnx\"", "models/hpv.onnx"])
    case .path(.existingDirectory), .path(.existing), .path(.directory):
      return random.pick(["~/studies/hpv", "/home/u/studies", "out", "~"])
    case .path(.output(let extensions)), .path(.outputOrFolder(let extensions)):
      return random.pick(
        ["out/x", "x", "\"my x\"", "new/deep/x"].map { stem in
          guard let ending = extensions.first else { return stem }
          return stem.hasSuffix("\"") ? stem.dropLast() + "." + ending + "\"" : stem + "." + ending
        })
    case .value(let types), .valueOrPath(let types, _): return value(of: types, &random)
    case .valueOrSlot: return value(of: [], &random)
    case .valueOrName(_, let kind), .name(let kind): return name(kind, &random)
    case .nameOrPath(.slide, _): return random.pick(["S1", "S2"])
    case .nameOrPath(let kind, _): return name(kind, &random)
    case .indexOrName(let kind): return random.chance(50) ? "0" : name(kind, &random)
    case .tile: return random.pick(["S1:0", "S1:411", "\"S2:79\""])
    case .quantity, .measure:
      return random.pick(["age", "site", "feature:0", "feature:511", "feature:postconv/7", "logit:1", "logit:positive"])
    case .range: return random.pick(["0..<100", "0...99", "5..<6"])
    case .percentile: return random.pick(["p0", "p99", "p99.5"])
    case .microns: return random.pick(["302", "20x", "0.5", "40X"])
    case .list(let item):
      var items: [String] = []
      for _ in 0...random.below(3) {
        let text = argument(item, newline, &random)
        // An item that is there twice is a mistake.
        let isNew = !items.contains { $0.filter(Self.isNoQuote) == text.filter(Self.isNoQuote) }
        if isNew { items.append(text) }
      }
      return items.count == 1 && random.chance(50) ? items[0] : list(items, newline, &random)
    case .optional(let other): return random.chance(30) ? "none" : argument(other, newline, &random)
    case .either(let types): return argument(random.pick(types), newline, &random)
    case .numbersByName(let kind, let bounds):
      let pair = name(kind, &random) + random.pick([": ", " : "]) + String(bounds.upperBound)
      return "{" + pair + random.pick(["", ",", newline]) + "}"
    case .textsByName: return "{a" + random.pick([": ", " : "]) + random.pick(["red", "\"#12AB45\""]) + "}"
    case .sortKey: return random.pick(["site", "-site"])
    case .conditionsByName: return "{site" + random.pick([": ", " : "]) + random.pick(["A", ">0.5", "[A, !=B]"]) + "}"
    case .conditionsByQuantity:
      return "{" + random.pick(["site", "\"feature:0\"", "prediction"]) + random.pick([": ", " : "]) + "!=A}"
    case .comparison: return random.pick(["feature:0>0.5", "age<=60", "\"logit:1 > 0\"", "site!=A"])
    case .rangesByName(let kind):
      let pair = name(kind, &random) + random.pick([": ", " : "]) + random.pick(["0..<4", "0...3"])
      return "{" + pair + random.pick(["", ",", newline]) + "}"
    case .categoriesByColumn:
      let keys = random.chance(50) ? ["HPV_status", "site"] : [random.pick(["HPV_status", "site"])]
      let pairs = keys.map { key in
        let values = key == "site" ? ["A", "B"] : ["positive", "negative"]
        let value = random.chance(50) ? values[0] : list(values, newline, &random)
        return quoted(key, &random) + random.pick([":", ": ", " : "]) + value
      }
      return "{" + pairs.joined(separator: separator(newline, &random)) + random.pick(["", "", ",", newline]) + "}"
    }
  }

  private static func isNoQuote(_ character: Character) -> Bool { character != "\"" && character != "'" }

  private func name(_ kind: NameKind, _ random: inout SplitMix) -> String {
    switch kind {
    case .column: quoted(random.pick(["HPV_status", "site", "age"]), &random)
    case .slide: quoted(random.pick(["S1", "S2"]), &random)
    case .layer: "postconv"
    case .command: random.pick(commandNames)
    default: "anything"
    }
  }

  private func quoted(_ word: String, _ random: inout SplitMix) -> String {
    random.pick([word, word, word, "\"\(word)\"", "'\(word)'"])
  }

  private func list(_ items: [String], _ newline: String, _ random: inout SplitMix) -> String {
    let edge = random.pick(["", "", " ", newline + "  "])
    return "[" + edge + items.joined(separator: separator(newline, &random)) + random.pick(["", "", ",", newline]) + "]"
  }

  private func separator(_ newline: String, _ random: inout SplitMix) -> String {
    random.pick([",", ", ", ", ", " , ", ",\(newline)  ", ", # more\(newline)  "])
  }
}
