import CommandLanguage
import SmallLanguage
import Testing

@Suite(.serialized) struct ParserTests {
  /// Spans differ after printing; what is printed again must not.
  func reprinted(_ text: String) -> String { Parser.parse(text).syntax.printed }

  @Test(arguments: [
    ("project ~/studies/hpv", "project ~/studies/hpv"),
    (
      "dataset tile_px=299 tile_um = 302 filters={HPV_status: [positive, negative]}",
      "dataset tile_px=299 tile_um=302 filters={HPV_status: [positive, negative]}"
    ),
    (
      "df = features models/hpv.onnx layers=[postconv] outcomes=HPV_status",
      "df = features models/hpv.onnx layers=[postconv] outcomes=HPV_status"
    ),
    ("box_plots df features=0..<100 outdir=stats", "box_plots df features=0..<100 outdir=stats"),
    ("x=y", "x = y"), ("x==y", ""),
    ("a b==c", "a b==c"), ("a b=c=d", "a b=c=d"),
    ("stats?", "stats?"), ("m.map", "m.map"), ("m.map;", "m.map;"), ("m = mosaic df ; # hidden", "m = mosaic df;"),
    ("a \\\n  b \\  \r\n c", "a b c"), ("a [1,\n  2, # two\n 3,\n]", "a [1, 2, 3]"),
    ("a {\nk\n:\nv\n}", "a {k: v}"), ("a x=[]", "a x=[]"), ("a x={}", "a x={}"),
    ("# only a comment", ""), ("a # b", "a"), ("a b#c", "a b#c"), ("a x=#c", "a x=#c"), ("a [x,#c]", "a [x,#c]"),
    ("a\u{A0}b\tc", "a b c"), ("a\rb\r\nc\nd", "a\nb\nc\nd"),
    ("a 'it \"is\"'", "a \"it \\\"is\\\"\""), ("a \"\\u{e9}\\n\\t\\\\\"", "a \"é\\n\\t\\\\\""), ("a ''", "a \"\""),
    ("a 2.0 20x HPV+ TCGA-AA-1234.v1 ~/a/b-1.csv", "a 2.0 20x HPV+ TCGA-AA-1234.v1 ~/a/b-1.csv"),
    ("größe = übung ñ=日本語", "größe = übung ñ=日本語"), ("a c:\\d", "a c:\\d"), ("a {'k:1': v}", "a {\"k:1\": v}"),
    ("a {k:v:w}", "a {k: v:w}"), ("\u{FEFF}a", "a"), ("a;#x", "a;"), ("", ""), ("  \n\n ", ""),
  ])
  func `A valid cell prints in one way`(_ text: String, _ expected: String) {
    let result = Parser.parse(text)
    guard !expected.isEmpty || text != "x==y" else {
      #expect(!result.errors.isEmpty)
      return
    }
    #expect(result.errors.isEmpty)
    #expect(result.syntax.printed == expected)
    #expect(reprinted(expected) == expected)
  }

  @Test func `Spans count Unicode scalars`() throws {
    let statement = try #require(Parser.parse("# 🧬\nm = mosaic 🧬 by=[é, b];").syntax.statements.first)
    #expect(statement.span == 4..<27)
    #expect(statement.target?.span == 4..<5)
    #expect(statement.headSpan == 8..<14)
    #expect(statement.arguments.map(\.span) == [15..<16, 17..<26])
  }

  @Test func `What a random generator writes is read back as it was`() {
    var generator = Seeded(seed: 7)
    for _ in 0..<3000 {
      let text = (0..<generator.below(4)).map { _ in randomStatement(&generator) }.joined(separator: "\n")
      let result = Parser.parse(text)
      #expect(result.errors.isEmpty, "\(text)")
      #expect(result.syntax.printed == text)
    }
  }

  private func randomWord(_ generator: inout Seeded) -> String {
    let letters = Array("abcXYZ019_.-+~/\\=?@%&*<>!^:é本#".unicodeScalars)
    var word = String.UnicodeScalarView(["a", "Z", "7", "ß"].randomElement(using: &generator).map { [$0] } ?? [])
    for _ in 0..<generator.below(8) { word.append(letters[generator.below(letters.count)]) }
    // A word may not end in a backslash before a line end, nor read as `name=`.
    return String(word.filter { $0 != "=" }) + "w"
  }

  private func randomScalar(_ generator: inout Seeded) -> String {
    guard generator.below(3) == 0 else { return randomWord(&generator) }
    let pieces = ["a", " ", "\\\\", "\\\"", "\\n", "\\t", "#", ";", "]", "é", "'", "=", "\\u{7}"]
    return "\"" + (0..<generator.below(6)).map { _ in pieces[generator.below(pieces.count)] }.joined() + "\""
  }

  private func randomList(_ generator: inout Seeded) -> String {
    "[" + (0..<generator.below(4)).map { _ in randomScalar(&generator) }.joined(separator: ", ") + "]"
  }

  private func randomStatement(_ generator: inout Seeded) -> String {
    let names = ["a", "stats", "größe", "_x1", "mosaic"]
    func name() -> String { names[generator.below(names.count)] }
    if generator.below(10) == 0 { return name() + "?" }
    var text = generator.below(2) == 0 ? name() + " = " : ""
    text += name() + (generator.below(5) == 0 ? "." + name() : "")
    for _ in 0..<generator.below(4) {
      text += " " + (generator.below(2) == 0 ? name() + "=" : "")
      switch generator.below(4) {
      case 0: text += randomList(&generator)
      case 1:
        let pairs = (0..<generator.below(3)).map { _ in
          randomWord(&generator).filter { $0 != ":" } + ": "
            + (generator.below(2) == 0 ? randomList(&generator) : randomScalar(&generator))
        }
        text += "{" + pairs.joined(separator: ", ") + "}"
      default: text += randomScalar(&generator)
      }
    }
    return text + (generator.below(5) == 0 ? ";" : "")
  }

  @Test func `Mutated cells never stop the parser, and the spans stay inside`() {
    var generator = Seeded(seed: 11)
    let seed = Array(
      "m = mosaic df by=[a, 'b c', \"d\\n\"] f={k: [v], w: x} \\\n r=0..<9; # c\nstats? \r\n(“x”, $y) | `\u{A0}"
        .unicodeScalars)
    let interpreter = SmallLanguage.session()
    for round in 0..<4000 {
      var scalars = seed
      for _ in 0..<(1 + generator.below(12)) {
        let index = generator.below(scalars.count)
        switch generator.below(3) {
        case 0: scalars.remove(at: index)
        case 1: scalars.insert(seed[generator.below(seed.count)], at: index)
        default: scalars.swapAt(index, generator.below(scalars.count))
        }
        if scalars.isEmpty { scalars = ["a"] }
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      let text = String(view)
      let result = Parser.parse(text, commandNames: ["stats", "mosaic"])
      for error in result.errors {
        #expect(0 <= error.diagnostic.span.lowerBound && error.diagnostic.span.upperBound <= scalars.count)
      }
      if round % 8 == 0 {
        let checked = interpreter.check(text)
        for diagnostic in checked.diagnostics { _ = diagnostic.rendered(in: checked.source, .ansi) }
        let cursor = generator.below(scalars.count + 1)
        #expect(interpreter.complete(text, at: cursor).span.upperBound <= scalars.count)
        _ = interpreter.inspect(text, at: cursor)
      }
    }
  }

  @Test(arguments: [
    "a(\n", "[", "{", "a [b\n", "a 'x\n", "\\\n", "a b=[c, d] # e\n", "((", "stats(\n", "a.", "#", "\"", "a {b:", ")",
  ])
  func `Parsing takes linear time`(_ piece: String) {
    let clock = ContinuousClock()
    func time(_ length: Int) -> Duration {
      let text = String(repeating: piece, count: length / piece.utf8.count)
      return clock.measure { _ = Parser.parse(text, commandNames: ["stats"]) }
    }
    // Four times the text takes four times the time; quadratic growth would take sixteen. The allowance is for
    // times too short to compare on a busy machine.
    #expect(time(240_000) < time(60_000) * 9 + .milliseconds(300))
  }

  @Test func `A megabyte is no trouble`() {
    let text = String(repeating: "m = mosaic df by=[a, 'b c'] \\\n # x\n 'open\n", count: 25_000)
    let result = Parser.parse(text)
    #expect(result.source.scalars.count > 1_000_000)
    #expect(result.syntax.statements.count == 50_000)
    #expect(result.errors.count == 25_000)
  }

  @Test(arguments: [
    ("a [b", CellCompleteness.incomplete(indent: "  ")), ("a {b: [c]", .incomplete(indent: "  ")),
    ("a {b:", .incomplete(indent: "  ")), ("a \\", .incomplete(indent: "  ")), ("a [b]", .complete), ("", .complete),
    ("a 'b", .invalid), ("a [b\nstats df", .invalid), ("a )", .invalid), ("a;", .complete), ("stats?", .complete),
    ("a [b # c", .incomplete(indent: "  ")), ("a $b [c", .invalid),
  ])
  func `A console knows whether a cell is complete`(_ cell: String, _ expected: CellCompleteness) {
    #expect(SmallLanguage.interpreter().isComplete(cell) == expected)
  }
}

/// SplitMix64 (doi:10.1145/2660193.2660195).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func below(_ count: Int) -> Int { count <= 0 ? 0 : Int(next() % UInt64(count)) }
}
