import CommandLanguage
import Foundation
import SmallLanguage
import Synchronization
import Testing

/// Commands as types: what they declare, and what their properties hold when they run.
@Suite struct TypedCommandTests {
  @Test func `A property is a parameter, with its type, default, unit and conditions`() throws {
    let declaration = Command(Measure.self).declaration
    #expect(declaration.name == "measure")
    #expect(declaration.result == ValueType("Sum"))
    #expect(declaration.subject?.name == "numbers")
    #expect(declaration.subject?.types == [ValueType("Sum")])
    #expect(declaration.subject?.isOptional == true)
    #expect(
      declaration.parameters.map(\.name) == [
        "word", "how", "threshold", "tile_px", "top", "of", "seed", "scale", "near",
      ])
    let word = try #require(declaration.parameters.first)
    #expect(word.isRequired && word.isPositional && word.type == .text)
    let parameters = Dictionary(uniqueKeysWithValues: declaration.parameters.map { ($0.name, $0) })
    #expect(parameters["how"]?.type == .choice(["mean", "above"]))
    #expect(parameters["how"]?.defaultText == "mean")
    #expect(parameters["threshold"]?.defaultText == "0.5")
    #expect(parameters["threshold"]?.effects == [.with("how", values: ["above"])])
    #expect(parameters["tile_px"]?.unit == "px")
    #expect(parameters["tile_px"]?.type == .integer(1...4096))
    #expect(parameters["tile_px"]?.isRequired == false)
    #expect(parameters["top"]?.defaultText == "20")
    // Conditions of the group come before those of the parameter itself.
    #expect(
      parameters["scale"]?.effects == [.on([ValueType("Sum")]), .without("top"), .without("seed")])
    #expect(parameters["seed"]?.effects == [.on([ValueType("Sum")]), .without("top")])
  }

  @Test func `Properties hold what was given, else their defaults`() throws {
    let (measured, _) = try run("measure a")
    #expect(measured == "a mean 0.5 nil 20 [] seed 42 1.0 given: ")
    let (given, _) = try run("measure a how=above threshold=2 tile_px=64 top=none of=[S1, 3] scale=3 near='S1:4'")
    #expect(given == "a above 2.0 64 nil [S1, 3] seed 42 3.0 S1:4 given: tile_px top")
  }

  @Test func `What has no effect is refused by the names of the properties`() {
    let check = interpreter().check("measure a threshold=1")
    #expect(check.diagnostics.map(\.remedy) == ["measure a how=above threshold=1"])
    let group = interpreter().check("measure a top=3 seed=1")
    #expect(group.diagnostics.count == 1)
    #expect(group.diagnostics.first?.sentence.contains("`seed`") == true)
  }

  @Test func `The manual says once what the parameters of a group need`() throws {
    let manual = interpreter().registry.manual
    let page = try #require(manual.page(of: "measure"))
    #expect(page.text.components(separatedBy: "Only on Sum, not with top").count == 2)
    #expect(page.text.contains("\n\nOnly on Sum, not with top:\n  seed=INTEGER "))
    // What stands below the group needs none of that.
    #expect(page.text.contains("\n\nAlways:\n  near=SLIDE:INDEX "))
    #expect(page.text.contains("How much larger. (default 1, from 0 to 10, not with seed)"))
    let tables = """

      Only on Sum, not with top:

      | parameter | values | default | meaning |
      |---|---|---|---|
      | `seed` | `INTEGER`, from 0 to 100 | `42` | Where chance starts. |
      | `scale` | `NUMBER`, from 0 to 10 | `1` | How much larger. Not with seed. |

      Always:

      | parameter |
      """
    #expect(manual.completePage().contains(tables))
    // Alone, a parameter says all of them.
    let seed = try #require(manual.page(of: "measure", parameter: "seed"))
    #expect(seed.text.contains("only on Sum, not with top"))
  }

  @Test func `An implied value is meant only where the command has a use for it`() throws {
    let session = interpreter()
    session.workspace.bind(Sum(total: 7), to: "s", statement: "s", seconds: 0)
    let recorder = Recorder()
    #expect(session.run("lean", output: recorder, monitor: recorder) == .completed)
    #expect(session.run("lean alone=true", output: recorder, monitor: recorder) == .completed)
    #expect(session.run("lean on=none", output: recorder, monitor: recorder) == .completed)
    #expect(recorder.texts == ["7 s", "nil -", "nil given"])
  }

  @Test func `A subject is what its type says, or a path in its place`() throws {
    let session = interpreter()
    let recorder = Recorder()
    #expect(session.run("open './model.onnx'", output: recorder, monitor: recorder) == .completed)
    session.workspace.bind(Sum(total: 7), to: "s", statement: "s", seconds: 0)
    #expect(session.run("open s", output: recorder, monitor: recorder) == .completed)
    #expect(session.run("add [s, s]", output: recorder, monitor: recorder) == .completed)
    #expect(recorder.texts == ["path ./model.onnx", "sum 7", "14"])
  }

  @Test func `A look before the command runs sees what was given and what is known of it`() throws {
    let session = interpreter()
    session.workspace.bind(
      Sum(total: 7, knownNames: KnownNames(names: ["column": ["age"]])), to: "s", statement: "s", seconds: 0)
    #expect(session.check("l = lean on=s\nuse l column=age").isValid)
    #expect(!session.check("l = lean on=s\nuse l column=sex").isValid)
    // A required parameter that is missing is no fault of the look.
    #expect(session.check("measure").diagnostics.map(\.sentence) == ["`measure` needs `word`."])
  }

  // MARK: A language of typed commands

  private func interpreter() -> CommandInterpreter {
    CommandInterpreter(
      registry: Registry(
        commands: [
          Command(Measure.self), Command(Lean.self), Command(Open.self), Command(Add.self), Command(Use.self),
        ]), files: SmallFiles())
  }

  private func run(_ cell: String) throws -> (String?, CommandInterpreter) {
    let session = interpreter()
    let recorder = Recorder()
    try #require(session.run(cell, output: recorder, monitor: recorder) == .completed)
    return (recorder.texts.last, session)
  }
}

private struct Sum: TypedValue {
  static let declaration = ValueTypeDeclaration(ValueType("Sum"), phrase: "a sum")
  let total: Int
  var knownNames = KnownNames()

  var shape: String { "one number" }
  func show(in output: any OutputSink) { output.show(RichOutput(text: "\(total)")) }
}

private enum Way: String, ParameterChoice { case mean, above }

private struct Drawing: ParameterGroup {
  @Parameter("Where chance starts.", in: 0...100) var seed = 42
  @Parameter("How much larger.", in: 0...10, only: [.without(\Drawing.$seed)]) var scale = 1.0
}

private struct Measure: TypedCommand {
  static let page = CommandPage("measure", topic: "Things", summary: "Measures.")

  @Subject("Numbers.") var numbers: Sum?
  @Parameter("What.", positional: true) var word: String
  @Parameter("How.") var how = Way.mean
  @Parameter("Above it counts.", in: -1e9...1e9, only: [.with(\Measure.$how, .above)]) var threshold = 0.5
  @Parameter("The side.", in: 1...4096, unit: "px") var tilePx: Int?
  @Parameter("Rows.", as: .optional(.integer(1...50))) var top: Int? = 20
  @Parameter("Slides.", as: .list(.either([.integer(0...9), .text]))) var of: [NumberOrName]?
  @Group(only: [.on(Sum.type), .without(\Measure.$top)]) var drawing: Drawing
  @Parameter("A tile.") var near: TileName?

  func run(_ invocation: Invocation) -> Sum {
    let items = (of ?? []).map { item in
      switch item {
      case .number(let number): String(number)
      case .name(let name): name
      }
    }
    let given = [$tilePx.isGiven ? $tilePx.name : nil, $top.isGiven ? $top.name : nil].compactMap(\.self)
    invocation.output.show(
      RichOutput(
        text: "\(word) \(how) \(threshold) \(tilePx.map(String.init) ?? "nil") \(top.map(String.init) ?? "nil") "
          + "[\(items.joined(separator: ", "))] seed \(drawing.seed) \(drawing.scale) "
          + (near.map { "\($0.slide):\($0.index) " } ?? "") + "given: " + given.joined(separator: " ")))
    return Sum(total: top ?? 0)
  }
}

private struct Lean: TypedCommand {
  static let page = CommandPage("lean", topic: "Things", summary: "Leans.")

  @Parameter("On what.", implies: ImpliedParameter(Sum.type, otherwise: "nothing", where: \Lean.leans)) var on: Sum?
  @Parameter("On nothing.") var alone = false

  var leans: Bool { !alone }

  func peek(_ input: PeekInput) -> KnownNames? { $on.names }

  func run(_ invocation: Invocation) -> Sum {
    let sum = on.map { "\($0.total)" } ?? "nil"
    invocation.output.show(
      RichOutput(text: sum + (on == nil ? ($on.isGiven ? " given" : " -") : " s")))
    return Sum(total: 0, knownNames: on?.knownNames ?? KnownNames())
  }
}

private enum SumOrPath: SubjectValue {
  case sum(Sum)
  case path(String)

  static let subjectTypes = [Sum.type]
  init?(subjects: [any SessionValue], path: String?) {
    if let path { self = .path(path) } else if let sum = subjects.first as? Sum { self = .sum(sum) } else { return nil }
  }
}

private struct Open: TypedCommand {
  static let page = CommandPage("open", topic: "Things", summary: "Opens.")

  @Subject("What.", orPath: .existingFile(extensions: ["onnx"])) var what: SumOrPath

  func run(_ invocation: Invocation) {
    switch what {
    case .sum(let sum): invocation.output.show(RichOutput(text: "sum \(sum.total)"))
    case .path(let path): invocation.output.show(RichOutput(text: "path \(path)"))
    }
  }
}

private struct Add: TypedCommand {
  static let page = CommandPage("add", topic: "Things", summary: "Adds.")

  @Subject("What.") var sums: [Sum]

  func run(_ invocation: Invocation) {
    invocation.output.show(RichOutput(text: "\(sums.reduce(0) { $0 + $1.total })"))
  }
}

private struct Use: TypedCommand {
  static let page = CommandPage("use", topic: "Things", summary: "Uses.")

  @Subject("What.") var sum: Sum
  @Parameter("A column.", as: .name(.column)) var column: String?

  func run(_ invocation: Invocation) {}
}
