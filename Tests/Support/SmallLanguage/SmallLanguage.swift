package import CommandLanguage
import Synchronization

/// A small set of commands in the manner of the real ones, with values that only know their names.
package enum SmallLanguage {
  package static let project = ValueType("Project")
  package static let dataset = ValueType("Dataset")
  package static let labels = ValueType("Labels")
  package static let model = ValueType("Model")
  package static let features = ValueType("Features")
  package static let map = ValueType("Map")
  package static let mosaic = ValueType("Mosaic")
  package static let table = ValueType("Table")
  package static let picture = ValueType("Picture")
  package static let slide = ValueType("Slide")

  package static let valueTypes = [
    ValueTypeDeclaration(project, phrase: "a project", preposition: "of", isProject: true),
    ValueTypeDeclaration(dataset, phrase: "a dataset"),
    ValueTypeDeclaration(labels, phrase: "labels", preposition: "by", standsFor: .column),
    ValueTypeDeclaration(model, phrase: "a model", preposition: "with"),
    ValueTypeDeclaration(slide, phrase: "a slide", preposition: "of", standsFor: .slide),
    ValueTypeDeclaration(features, phrase: "features", savedAs: ["csv", "png", "svg"]),
    ValueTypeDeclaration(map, phrase: "a map", savedAs: ["png", "svg", "csv"]),
    ValueTypeDeclaration(mosaic, phrase: "a mosaic", coercesTo: [map], members: ["map": map]),
    ValueTypeDeclaration(table, phrase: "a table"), ValueTypeDeclaration(picture, phrase: "a picture"),
  ]

  package static let columns = KnownNames(
    names: [
      "column": ["HPV_status", "site", "age"], "category:HPV_status": ["positive", "negative"],
      "category:site": ["A", "B"], "category:age": ["52", "61", "67", "70"], "slide": ["S1", "S2"],
      "folder": ["/home/u/studies/hpv"], "project": ["/home/u/studies/hpv"],
    ],
    counts: ["category:HPV_status": ["positive": 61, "negative": 58], "slide": ["S1": 412, "S2": 80]])

  package static let network = KnownNames(
    names: ["layer": ["postconv"], "outcome": ["negative", "positive"]], widths: ["features": 512, "logits": 2])

  /// The same columns of another project.
  package static let others: KnownNames = {
    var names = columns
    names.names["folder"] = ["/home/u/studies/lung"]
    names.names["project"] = ["/home/u/studies/lung"]
    return names
  }()

  package static func value(_ type: ValueType, _ names: KnownNames = KnownNames()) -> SmallValue {
    SmallValue(valueType: type, knownNames: names)
  }

  private static func command(
    _ name: String, _ reference: [String], subject: SubjectDeclaration? = nil,
    _ parameters: [ParameterDeclaration] = [], synonyms: [String] = [], result: ValueType? = nil,
    writesFiles: Bool = false,
    peek: @escaping @Sendable (PeekInput) -> KnownNames? = { $0.subjectNames },
    identify: @escaping @Sendable (PeekInput) -> String? = { _ in nil }
  ) -> Command {
    Command(
      CommandDeclaration(
        name: name, referenceNames: reference, synonyms: synonyms, topic: "Things", summary: "Does \(name).",
        subject: subject,
        parameters: parameters, result: result, examples: [name], writesFiles: writesFiles), peek: peek,
      identify: identify
    ) { invocation in
      let parameters = invocation.implied.filter { $0.parameter != nil }.map(\.phrase)
      let phrases = (invocation.subjectName.map { ["on " + $0] } ?? []) + parameters
      invocation.output.show(RichOutput(text: ([name] + phrases).joined(separator: " ")))
      guard let result else { return nil }
      let subject = invocation.subjects.first.map(\.knownNames)
      let input = PeekInput(
        arguments: invocation.arguments, subjectNames: subject,
        parameterNames: invocation.arguments.values.compactMapValues { $0.sessionValue?.knownNames },
        statement: invocation.statement)
      return SmallValue(
        valueType: result, knownNames: peek(input) ?? KnownNames(), origin: invocation.statement,
        valueIdentity: identify(input))
    }
  }

  private static func on(_ name: String, _ types: [ValueType], path: PathRole? = nil, list: Bool = false)
    -> SubjectDeclaration
  {
    SubjectDeclaration(name: name, types: types, path: path, acceptsList: list, documentation: "What it works on.")
  }

  package static var commands: [Command] {
    let network = network
    let columns = columns
    return [
      command(
        "demo", [], [ParameterDeclaration("path", .path(.output(extensions: [])), positional: true, "Where.")],
        result: project,
        writesFiles: true, peek: { _ in columns }),
      command(
        "project", ["Project", "load_project"],
        [ParameterDeclaration("path", .path(.existingDirectory), positional: true, required: true, "The folder.")],
        result: project, peek: { $0.arguments.text("path")?.hasSuffix("hpv") == true ? columns : nil },
        identify: { $0.arguments.text("path")?.split(separator: "/").last.map(String.init) }),
      command(
        "dataset", ["Project.dataset"], subject: on("project", [project]),
        [
          ParameterDeclaration("tile_px", .integer(1...4096), unit: "px", "Side of a tile."),
          ParameterDeclaration("tile_um", .microns, unit: "µm", "Side of a tile."),
          ParameterDeclaration("filters", .categoriesByColumn, "What to keep."),
          ParameterDeclaration("min_tiles", .integer(0...Int.max), default: "0", "Least number of tiles."),
        ], result: dataset),
      command(
        "labels", ["Dataset.labels"], subject: on("dataset", [dataset, project]),
        [
          ParameterDeclaration("column", .name(.column), positional: true, required: true, "The column."),
          ParameterDeclaration("use_float", .boolean, default: "false", "As numbers."),
        ], result: labels),
      command(
        "model", ["load"],
        [
          ParameterDeclaration(
            "path", .path(.existingFile(extensions: ["onnx"])), positional: true, required: true, "The file.")
        ],
        result: model, peek: { _ in network }),
      command(
        "features", ["DatasetFeatures", "Project.generate_features"],
        subject: on("model", [model], path: .existingFile(extensions: ["onnx"])),
        [
          ParameterDeclaration(
            "dataset", .value([dataset]), implies: Implication(dataset, otherwise: "all tiles"), "The tiles."),
          ParameterDeclaration("layers", .list(.name(.layer)), default: "postconv", "The layers."),
          ParameterDeclaration(
            "outcomes", .valueOrName([labels], .column), implies: Implication(labels, otherwise: "none"), "The outcome."
          ),
          ParameterDeclaration("scale", .text, effects: [.with("outcomes", values: [])], "The scale of the outcome."),
          ParameterDeclaration(
            "project", .value([project]), effects: [.without("dataset")],
            implies: Implication(project, otherwise: "none"), "The project."),
        ], result: features,
        peek: { input in
          var names = (input.parameterNames["dataset"] ?? input.parameterNames["project"] ?? KnownNames())
            .merging(network)
          if input.arguments.has("outcomes") { names.settled = ["outcomes"] }
          return names
        }),
      command(
        "wsi", ["WSI"], subject: on("project", [project]),
        [ParameterDeclaration("slide", .nameOrPath(.slide, .existing), positional: true, required: true, "Which.")],
        result: slide,
        peek: { input in
          var names = input.subjectNames ?? KnownNames()
          names.names["slide"] = input.arguments.text("slide").map { [$0] }
          return names
        }),
      command(
        "grid", [], subject: on("model", [model], path: .existingFile(extensions: ["onnx"])),
        [
          ParameterDeclaration(
            "slide", .nameOrPath(.slide, .existing), required: true, implies: Implication(slide, otherwise: nil),
            "The slide."),
          ParameterDeclaration(
            "project", .value([project]),
            implies: Implication(project, otherwise: "none") { arguments in
              if case .value? = arguments["slide"] { false } else { true }
            }, "The project."),
        ], result: table, peek: { $0.parameterNames["project"] }),
      command(
        "activations", ["DatasetFeatures.activations"], subject: on("on", [features]),
        [
          ParameterDeclaration("slide", .name(.slide), "The slide."),
          ParameterDeclaration("tiles", .either([.range, .list(.integer(0...Int.max))]), "The tiles."),
          ParameterDeclaration("columns", .either([.range, .list(.integer(0...Int.max))]), "The features."),
        ], result: table),
      command(
        "stats", ["DatasetFeatures.stats"], subject: on("on", [features]),
        [
          ParameterDeclaration("method", .choice(["mean", "threshold"]), default: "mean", "How to sum up a slide."),
          ParameterDeclaration(
            "threshold", .number(0...1), default: "0.5", effects: [.with("method", values: ["threshold"])],
            "When a tile counts."),
          ParameterDeclaration("top", .optional(.integer(1...Int.max)), default: "20", "Rows shown."),
          ParameterDeclaration("outdir", .path(.output(extensions: [])), "Where the tables go."),
        ], result: table),
      command(
        "box_plots", ["DatasetFeatures.box_plots"], subject: on("on", [features]),
        [
          ParameterDeclaration(
            "features", .either([.range, .list(.indexOrName(NameKind(key: "feature", noun: "feature")))]),
            required: true, "Which.")
        ],
        result: picture),
      command(
        "slide_map", ["SlideMap.from_features"], subject: on("on", [features]),
        [ParameterDeclaration("n_neighbors", .integer(2...1000), default: "50", "Neighbours.")],
        synonyms: ["umap", "tsne"], result: map),
      command(
        "place", [], subject: on("on", [features]),
        [ParameterDeclaration("map", .value([map]), acrossProjects: true, "The map to place them on.")], result: map),
      command(
        "contrast", [], subject: on("on", [features]),
        [
          ParameterDeclaration(
            "outcomes", .valueOrName([labels], .column),
            implies: Implication(labels, broughtAlong: "those of the features", otherwise: nil), "The groups."),
          ParameterDeclaration("slide", .name(.slide), "Only this slide."),
        ], result: table),
      command(
        "mosaic", ["Project.generate_mosaic"], subject: on("on", [features, map]),
        [
          ParameterDeclaration("map_slide", .optional(.choice(["centroid", "average"])), "One point a slide."),
          ParameterDeclaration("resolution", .choice(["low", "medium", "high"]), default: "medium", "Pixels."),
          ParameterDeclaration("filters", .categoriesByColumn, "What to show."),
          ParameterDeclaration(
            "n_neighbors", .integer(2...1000), default: "50", effects: [.on([features]), .without("map_slide")],
            "Neighbours of the map."),
        ], result: mosaic),
      command(
        "label", [], subject: on("map", [map], list: true),
        [
          ParameterDeclaration(
            "by", .list(.quantity), positional: true, required: true, referenceNames: ["colour"], "The colour."),
          ParameterDeclaration("title", .text, "A title."),
        ], result: picture),
      command(
        "tiles", [], subject: on("on", [features, map]),
        [
          ParameterDeclaration("near", .tile, "The tile."), ParameterDeclaration("slide", .name(.slide), "The slide."),
          ParameterDeclaration("n", .integer(1...500), default: "24", "How many."),
        ],
        result: picture),
      command(
        "save", ["Mosaic.save"], subject: on("value", []),
        [
          ParameterDeclaration(
            "path", .path(.output(extensions: ["png", "svg", "csv"])), positional: true, required: true, "The file.")
        ]),
      Command(
        CommandDeclaration(
          name: "fail", topic: "Things", summary: "Fails.",
          parameters: [ParameterDeclaration("why", .text, positional: true, "The reason.")])
      ) {
        if $0.arguments.text("why") == "stop" { throw StatementInterrupted() }
        throw CommandFailure("The record 7 is corrupt.", remedy: "leave it out", parameter: "why")
      },
      Command(
        CommandDeclaration(
          name: "recompute", topic: "Things", summary: "Fails where features were to be made.",
          subject: SubjectDeclaration(
            name: "project", types: [project], isOptional: true, documentation: "What it works on."),
          parameters: [ParameterDeclaration("why", .text, positional: true, required: true, "The reason.")],
          result: features)
      ) {
        if $0.arguments.text("why") == "stop" { throw StatementInterrupted() }
        throw CommandFailure("The network is gone.")
      },
    ]
  }

  static let reference = Reference(
    name: "slideflow", modules: ["sf", "slideflow"], savingCommand: "save",
    calls: [
      ReferenceCall(
        "DatasetFeatures.activations", "df.activations['S1']", "activations", items: ["slide", "tiles", "columns"]),
      ReferenceCall(
        "Project.generate_mosaic", "P.generate_mosaic(df)", "a mosaic",
        arguments: ["df=@", "dataset", "filters", "map_slide"]),
      ReferenceCall("Mosaic.save", "mosaic.save('a.png')", "saves", arguments: ["filename=path"]),
      ReferenceCall("Mosaic.slide_map", "mosaic.slide_map", "its map", member: "map"),
      ReferenceCall("SlideMap.from_features", "sf.SlideMap.from_features(df)", "a map", arguments: ["df=@"]),
    ])

  static let terms = [
    FieldTerm(
      ["kmeans", "cluster"], "There are no clusters; a map shows which tiles lie together.", instead: "slide_map"),
    FieldTerm(["nearest"], "The nearest tiles are shown by `tiles near=`.", instead: "tiles FEATURES near=$1", "tiles"),
    FieldTerm(
      ["filter"], "Slides are chosen by a dataset's `filters`.", instead: "dataset filters={$pairs}",
      "dataset filters={COLUMN: [VALUE]}"),
    FieldTerm(["head"], "A name alone on a line shows its value.", instead: "$1", "session"),
    FieldTerm(["create_project"], "A project is opened by `project`.", instead: "project PATH"),
  ]

  package static func interpreter(
    record: @escaping @Sendable (PastStatement, _ store: String) -> String? = { _, _ in nil }
  ) -> CommandInterpreter {
    CommandInterpreter(
      registry: Registry(
        commands: commands, valueTypes: valueTypes, reference: reference, terms: terms, record: record),
      files: SmallFiles())
  }

  /// A session that holds a project, a dataset and features `df`.
  package static func session(_ more: [(String, ValueType)] = []) -> CommandInterpreter {
    let interpreter = interpreter()
    let known = columns.merging(network)
    interpreter.workspace.bind(value(project, columns), to: "p", statement: "p = project hpv", seconds: 1)
    interpreter.workspace.bind(value(dataset, columns), to: "d", statement: "d = dataset", seconds: 1)
    interpreter.workspace.bind(value(features, known), to: "df", statement: "df = features m.onnx", seconds: 1)
    for (name, type) in more { interpreter.workspace.bind(value(type, known), to: name, statement: name, seconds: 1) }
    return interpreter
  }
}

package struct SmallValue: SessionValue {
  package let valueType: ValueType
  package var knownNames = KnownNames()
  /// The statement that made it.
  package var origin = ""
  package var isFromStore = false
  package var valueIdentity: String?

  package init(
    valueType: ValueType, knownNames: KnownNames = KnownNames(), origin: String = "", isFromStore: Bool = false,
    valueIdentity: String? = nil
  ) {
    self.valueType = valueType
    self.knownNames = knownNames
    self.origin = origin
    self.isFromStore = isFromStore
    self.valueIdentity = valueIdentity
  }

  package var shape: String { "3 things" }
  package var memberNames: [String] { valueType == SmallLanguage.mosaic ? ["map"] : [] }
  package func show(in output: any OutputSink) { output.show(RichOutput(text: "a \(valueType.name)")) }
  package func coerced(to type: ValueType) -> (any SessionValue)? {
    valueType == SmallLanguage.mosaic && type == SmallLanguage.map ? SmallLanguage.value(type, knownNames) : nil
  }
  package func member(_ name: String) -> (any SessionValue)? { name == "map" ? coerced(to: SmallLanguage.map) : nil }
}

package struct SmallFiles: FileLooker {
  package init() {}

  package static let folders: [String: [String]] = [
    "/home/u": ["studies"], "/home/u/studies": ["hpv", "notes.txt"],
    "/home/u/studies/hpv": ["models", "settings.json", ".hidden"],
    "/home/u/studies/hpv/models": ["hpv.onnx", "readme.md"],
    ".": ["model.onnx", "out", "my file.png", "my net.onnx"], "out": [],
  ]
  package var homeFolder: String { "/home/u" }
  package func homeFolder(of user: String) -> String? { user == "v" ? "/home/v" : nil }
  package func isDirectory(_ path: String) -> Bool { Self.folders[trimmed(path)] != nil }
  package func list(_ folder: String) -> [String] { Self.folders[trimmed(folder)] ?? [] }
  package func exists(_ path: String) -> Bool {
    let path = trimmed(path)
    if Self.folders[path] != nil { return true }
    guard let slash = path.lastIndex(of: "/") else { return list(".").contains(path) }
    return list(String(path[..<slash])).contains(String(path[path.index(after: slash)...]))
  }
  private func trimmed(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}

package final class Recorder: OutputSink, ProgressMonitor {
  private let state = Mutex((outputs: [RichOutput](), notes: [String](), isInterrupted: false))
  package init() {}
  package var shown: [RichOutput] { state.withLock { $0.outputs } }
  package var texts: [String] { shown.map(\.text) }
  package var notes: [String] { state.withLock { $0.notes } }
  package var isInterrupted: Bool { state.withLock { $0.isInterrupted } }
  package func interrupt() { state.withLock { $0.isInterrupted = true } }
  package func show(_ output: RichOutput) { state.withLock { $0.outputs.append(output) } }
  package func note(_ text: String) { state.withLock { $0.notes.append(text) } }
  package func report(phase: String, unit: String, done: Int, total: Int) {}
}
