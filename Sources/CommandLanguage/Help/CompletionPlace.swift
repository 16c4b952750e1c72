/// Where in an unfinished statement the cursor stands.
struct CompletionPlace {
  enum Expectation: Equatable {
    case head
    case member(of: [String])
    case argument
    /// An item of a list.
    case item
    /// A key of a map.
    case key
    /// A value in a map.
    case category(of: String)

    /// True where only a name can stand.
    var isName: Bool {
      switch self {
      case .head, .member: true
      case .argument, .item, .key, .category: false
      }
    }
  }

  let expects: Expectation
  /// Nil at the start of a new statement.
  let statement: Int?
  /// The argument that the cursor is in.
  let argument: Int?
  /// The name of the parameter whose value is typed.
  let parameter: String?
  /// What has been typed.
  let partial: ScalarSyntax

  var isInBracket: Bool { expects != .argument }
  var isInMap: Bool {
    switch expects {
    case .key, .category: true
    default: false
    }
  }
  var isPositional: Bool { parameter == nil }

  /// The place at the end of a text; nil where nothing is to be completed, as in a comment.
  init?(_ parsed: Parser.Result, cursor: Int) {
    let source = parsed.source
    let nothing = ScalarSyntax(text: "", isQuoted: false, span: cursor..<cursor)
    let index = parsed.syntax.statements.count - 1
    guard index >= 0 else {
      guard !Self.isComment(source, from: 0, to: cursor) else { return nil }
      self.init(.head, partial: nothing)
      return
    }
    let statement = parsed.syntax.statements[index]
    if parsed.ending != .insideBracket {
      var lexer = Lexer(source)
      lexer.position = statement.span.upperBound
      lexer.skipBlanks()
      if !lexer.isAtEnd {
        guard lexer.isAtLineEnd, !Self.isComment(source, from: lexer.position, to: cursor) else { return nil }
        self.init(.head, partial: nothing)
        return
      }
      let tail = source.scalars[statement.span.upperBound..<cursor]
      guard !tail.contains("#"), !statement.hidesOutput, !statement.asksForHelp else { return nil }
    }
    self.init(statement, index, parsed, cursor, nothing)
  }

  private init(
    _ expects: Expectation, statement: Int? = nil, argument: Int? = nil, parameter: String? = nil, partial: ScalarSyntax
  ) {
    self.expects = expects
    self.statement = statement
    self.argument = argument
    self.parameter = parameter
    self.partial = partial
  }

  private init?(
    _ statement: StatementSyntax, _ index: Int, _ parsed: Parser.Result, _ cursor: Int, _ nothing: ScalarSyntax
  ) {
    let source = parsed.source
    guard let last = statement.head.last else {
      guard statement.target != nil, statement.arguments.isEmpty else { return nil }
      // `x =` and nothing yet; what stands behind another sign is no command.
      let typed = source.text(in: statement.span.lowerBound..<cursor)
      guard typed.unicodeScalars.last(where: { !ScalarClass.isBlank($0) }) == "=" else { return nil }
      self.init(.head, statement: index, partial: nothing)
      return
    }
    if cursor == last.span.upperBound {
      let path = statement.head.dropLast().map(\.text)
      let partial = ScalarSyntax(text: last.text, isQuoted: false, span: last.span)
      self.init(path.isEmpty ? .head : .member(of: path), statement: index, partial: partial)
      return
    }
    if cursor == last.span.upperBound + 1, source.scalars[cursor - 1] == "." {
      self.init(.member(of: statement.head.map(\.text)), statement: index, partial: nothing)
      return
    }
    guard let argument = statement.arguments.last else {
      self.init(.argument, statement: index, partial: nothing)
      return
    }
    let position = statement.arguments.count - 1
    let name = argument.name?.text
    switch argument.value {
    case nil:
      self.init(.argument, statement: index, argument: position, parameter: name, partial: nothing)
    case .scalar(let scalar)?:
      if scalar.span.upperBound == cursor {
        self.init(.argument, statement: index, argument: position, parameter: name, partial: scalar)
      } else {
        self.init(.argument, statement: index, partial: nothing)
      }
    case .list(let items, let span)? where parsed.ending == .insideBracket:
      let partial = items.last.flatMap { $0.span.upperBound == cursor ? $0 : nil } ?? nothing
      guard
        !partial.text.isEmpty || items.isEmpty
          || Self.hasComma(source, items.last?.span.upperBound ?? span.lowerBound, cursor)
      else { return nil }
      self.init(.item, statement: index, argument: position, parameter: name, partial: partial)
    case .map(let pairs, _)? where parsed.ending == .insideBracket:
      self.init(pairs, index, position, name, source, cursor, nothing)
    case .list?, .map?:
      guard argument.span.upperBound < cursor else { return nil }
      self.init(.argument, statement: index, partial: nothing)
    }
  }

  private init?(
    _ pairs: [PairSyntax], _ index: Int, _ position: Int, _ name: String?, _ source: SourceText, _ cursor: Int,
    _ nothing: ScalarSyntax
  ) {
    guard let pair = pairs.last else {
      self.init(.key, statement: index, argument: position, parameter: name, partial: nothing)
      return
    }
    let end = pair.value?.span.upperBound ?? pair.key.span.upperBound
    let column = Expectation.category(of: pair.key.text)
    switch pair.value {
    case nil where pair.key.span.upperBound == cursor:
      self.init(.key, statement: index, argument: position, parameter: name, partial: pair.key)
    case nil:
      guard source.scalars[pair.key.span.upperBound..<cursor].contains(":") else { return nil }
      self.init(column, statement: index, argument: position, parameter: name, partial: nothing)
    case .scalar(let scalar)? where scalar.span.upperBound == cursor:
      self.init(column, statement: index, argument: position, parameter: name, partial: scalar)
    case .list(let items, let span)? where span.upperBound == cursor || source.scalars[span.upperBound - 1] != "]":
      guard source.scalars[cursor - 1] != "]" else { return nil }
      let partial = items.last.flatMap { $0.span.upperBound == cursor ? $0 : nil } ?? nothing
      guard !partial.text.isEmpty || items.isEmpty || Self.hasComma(source, items.last?.span.upperBound ?? 0, cursor)
      else {
        return nil
      }
      self.init(column, statement: index, argument: position, parameter: name, partial: partial)
    default:
      guard Self.hasComma(source, end, cursor) else { return nil }
      self.init(.key, statement: index, argument: position, parameter: name, partial: nothing)
    }
  }

  private static func hasComma(_ source: SourceText, _ start: Int, _ end: Int) -> Bool {
    source.scalars[min(start, end)..<end].contains(",")
  }

  /// What stands already beside the cursor, where it makes no sense a second time: other items of the list, other keys
  /// of the map.
  func siblings(in value: ValueSyntax?) -> [String] {
    let scalars: [ScalarSyntax]
    switch (expects, value) {
    case (.item, .list(let items, _)?): scalars = items
    case (.key, .map(let pairs, _)?): scalars = pairs.map(\.key)
    case (.category(let column), .map(let pairs, _)?):
      scalars = pairs.last { $0.key.text == column }?.value?.scalars ?? []
    default: scalars = []
    }
    return scalars.filter { $0.span != partial.span }.map { ScalarSyntax.spelling(of: $0.text) }
  }

  /// True if the last line of a stretch without statements is a comment.
  private static func isComment(_ source: SourceText, from start: Int, to end: Int) -> Bool {
    let line = source.scalars[start..<end].reversed().prefix { !ScalarClass.isNewline($0) }
    return line.last { !ScalarClass.isBlank($0) } == "#"
  }

  /// The candidates that begin with what was typed, capitals counting if that leaves any.
  func matching(_ candidates: [Completion.Candidate]) -> [Completion.Candidate] {
    guard !partial.text.isEmpty else { return partial.isQuoted ? candidates.map(Self.quoted) : candidates }
    // What needs quotes is found by its letters as well.
    func beginning(with typed: String, _ fold: (String) -> String) -> [Completion.Candidate] {
      let quoted = "\"" + typed
      return candidates.filter {
        let text = fold($0.text)
        return text.hasPrefix(typed) || text.hasPrefix(quoted)
      }
    }
    let exact = beginning(with: partial.text) { $0 }
    let found = exact.isEmpty ? beginning(with: partial.text.lowercased()) { $0.lowercased() } : exact
    return partial.isQuoted ? found.map(Self.quoted) : found
  }

  private static func quoted(_ candidate: Completion.Candidate) -> Completion.Candidate {
    guard !candidate.text.hasPrefix("\"") else { return candidate }
    let text = ScalarSyntax(text: candidate.text, isQuoted: true, span: 0..<0).printed
    return Completion.Candidate(
      text: text, kind: candidate.kind, detail: candidate.detail, signature: candidate.signature)
  }
}
