import CommandLanguage
import Dispatch
import FeatureData
import Files
import Rendering
import Synchronization
import Workflows

/// Answers what the page of a view asks.
///
/// What is quick is answered at once; what takes longer in one of two lines of work, so that tiles are shown while a
/// selection is looked into. Of each kind of long work the newest question makes earlier ones stop.
final class ExplorationAnswers: Sendable {
  let exploration: Exploration
  private let first: ColourChoice?
  private let workspace: Workspace
  private let subject: ExploredSubject
  private let analysis = WorkLine("analysis")
  private let pictures = WorkLine("pictures")
  private let newest = Mutex<[String: Int]>([:])
  /// The selection that was asked about last.
  private let latest = Mutex<(json: String, selected: SelectedTiles)?>(nil)
  private let scenes = Mutex<[Int: SlideScenes.Scene]>([:])

  init(_ exploration: Exploration, subject: ExploredSubject, first: ColourChoice?, workspace: Workspace) {
    self.exploration = exploration
    self.subject = subject
    self.first = first
    self.workspace = workspace
  }

  private var statements: SelectionStatements {
    SelectionStatements(exploration: exploration, subject: subject, workspace: workspace)
  }
  private var pointCount: Int { exploration.map.points.count }

  func hear(_ question: any ViewQuestion) {
    do {
      let asked = try PageQuestion(question.json)
      switch asked.name {
      case "open": question.answer(opening())
      case "colourings": question.answer(ViewMessage([("colourings", ColourChoice.menu(choices))]))
      case "colour": question.answer(try colours(asked))
      case "tile": question.answer(try tile(asked))
      case "tiles": later(pictures, question) { _ in try self.tiles(asked) }
      case "slide": later(pictures, question) { _ in try self.slide(asked) }
      case "pieces": later(pictures, question) { _ in try self.pieces(asked) }
      case "thumbs": later(pictures, question) { _ in try self.thumbs(asked) }
      case "near": later(analysis, question, kind: "near") { try self.near(asked, $0) }
      case "select": later(analysis, question, kind: "select") { try self.select(asked, $0) }
      case "apart": later(analysis, question, kind: "apart") { try self.apart(asked, $0) }
      case "keep": try keep(asked, question)
      default: question.fail("There is no answer to that.")
      }
    } catch {
      question.fail(Self.sentence(of: error))
    }
  }

  private static func sentence(of error: any Error) -> String {
    switch error {
    case let fault as PageQuestion.Fault: fault.sentence
    case let failure as any ExplainedError: failure.message
    case is any InterruptionError: "Given up, for something newer was asked."
    default: error.sentence
    }
  }

  /// - Parameter kind: of work of which only the newest is wanted.
  private func later(
    _ line: WorkLine, _ question: any ViewQuestion, kind: String? = nil,
    _ work: @escaping @Sendable (any WorkMonitor) throws -> ViewMessage
  ) {
    let number = newest.withLock { newest -> Int in
      guard let kind else { return 0 }
      newest[kind, default: 0] += 1
      return newest[kind] ?? 0
    }
    let monitor = NewestMonitor { [weak self] in
      guard let kind else { return false }
      return self?.newest.withLock { $0[kind] } != number
    }
    if kind != nil { question.postpone() }
    let isTaken = line.add {
      do {
        try monitor.checkInterrupted()
        question.answer(try work(monitor))
      } catch {
        question.fail(Self.sentence(of: error))
      }
    }
    if !isTaken { question.fail("Too much is asked at once.") }
  }

  // MARK: Map

  private func opening() -> ViewMessage {
    let (members, buffers) = exploration.opening(
      subject: subject.name, selectionName: statements.freeSelectionName, choices: choices, first: first,
      isFrozen: false)
    return ViewMessage(members, buffers: buffers)
  }

  /// Everything that `label` would take, also what the session has come to hold since.
  private var choices: [ColourChoice] {
    var choices = exploration.colourChoices
    if exploration.features.featureCount > 0 {
      choices.append(
        ColourChoice(
          key: "feature:", title: "a feature…", group: .activations, aspect: .feature(layer: nil, index: 0)))
    }
    for binding in workspace.bindings {
      guard let name = binding.name else { continue }
      if let clusters = binding.value as? TileClusters, (try? clusters.groups.numbers(on: exploration.features)) != nil
      {
        choices.append(
          ColourChoice(
            key: name, title: "clusters \(name)", group: .session, aspect: .groups(clusters.groups, name: name)))
      } else if let selection = binding.value as? SelectedTiles,
        (try? selection.groups(name: name).numbers(on: exploration.features)) != nil
      {
        choices.append(
          ColourChoice(
            key: name, title: "selection \(name)", group: .session,
            aspect: .groups(selection.groups(name: name), name: name)))
      } else if let labels = (binding.value as? LabelSet).flatMap({ try? $0.single(for: "by") }) {
        choices.append(
          ColourChoice(
            key: name, title: "\(labels.column) (labels \(name))", group: .session, aspect: .labels(labels, name: name))
        )
      }
    }
    if let first, !choices.contains(where: { $0.key == first.key }), !first.key.hasPrefix("feature:") {
      choices.append(first)
    }
    return choices
  }

  private func choice(_ key: String) throws -> ColourChoice {
    if let choice = choices.first(where: { $0.key == key }), key != "feature:" { return choice }
    guard key.hasPrefix("feature:") else {
      throw PageQuestion.Fault(sentence: "There is nothing called \(key) to colour by.")
    }
    let parts = key.dropFirst("feature:".count).split(separator: "/").map(String.init)
    guard let index = parts.last.flatMap({ Int($0) }), index >= 0 else {
      throw PageQuestion.Fault(sentence: "A feature is named by its number, such as feature:12.")
    }
    let layer = parts.count > 1 ? parts.dropLast().joined(separator: "/") : nil
    return ColourChoice(key: key, title: key, group: .activations, aspect: .feature(layer: layer, index: index))
  }

  private func colours(_ asked: PageQuestion) throws -> ViewMessage {
    let (members, places) = try exploration.colours(by: choice(try asked.text("by")).aspect).json
    return ViewMessage(members, buffers: [places])
  }

  // MARK: Tiles

  private static let sides = 16..<1025

  private func tile(_ asked: PageQuestion) throws -> ViewMessage {
    let point = try asked.integer("point", in: 0..<pointCount)
    let card = exploration.card(of: point, colouredBy: try asked.optionalText("by").flatMap { try? choice($0) })
    let picture = Result { try exploration.picture(of: point, side: try asked.integer("side", in: Self.sides)) }
    var note: String?
    if case .failure(let error) = picture { note = Self.sentence(of: error) }
    let lines = card.lines.map { JSONFragment.array([.string($0.name.visible), .string($0.value.visible)]) }
    return ViewMessage(
      [
        ("slide", .string(card.slide.visible)), ("patient", .optional(card.patient)), ("tile", .integer(card.tile)),
        ("place", card.place.map { .integers([$0.x, $0.y]) } ?? .null), ("lines", .array(lines)),
        ("note", .optional(note)),
      ], buffers: (try? picture.get()).map { [$0] } ?? [])
  }

  private func tiles(_ asked: PageQuestion) throws -> ViewMessage {
    let points = try asked.integers("points", in: 0..<pointCount, most: 64)
    let side = try asked.integer("side", in: Self.sides)
    let pictures = points.map { try? exploration.picture(of: $0, side: side) }
    let features = exploration.features
    let names = points.map { point -> JSONFragment in
      let place = exploration.map.points[point]
      return .object([
        ("point", .integer(point)), ("slide", .string(features.slides[place.slide].name.visible)),
        ("tile", .integer(place.row)),
      ])
    }
    return ViewMessage(
      [("tiles", .array(names)), ("has", .array(pictures.map { .bool($0 != nil) }))],
      buffers: pictures.compactMap(\.self))
  }

  private func near(_ asked: PageQuestion, _ monitor: any WorkMonitor) throws -> ViewMessage {
    let point = try asked.integer("point", in: 0..<pointCount)
    let count = try asked.integer("count", in: 1..<65)
    let found = try exploration.nearest(to: point, count: count, monitor: monitor)
    return ViewMessage([
      ("points", .integers(found.points.map(\.point))),
      ("distances", .array(found.points.map { .number($0.distance) })),
      ("metric", .string("cosine")), ("note", .optional(found.note)),
    ])
  }

  // MARK: Slides

  private func scene(_ slide: Int) throws -> SlideScenes.Scene {
    if let known = scenes.withLock({ $0[slide] }) { return known }
    let scene = try exploration.scenes.scene(of: slide)
    scenes.withLock { scenes in
      if scenes.count > 8 { scenes = [:] }
      scenes[slide] = scene
    }
    return scene
  }

  private func slide(_ asked: PageQuestion) throws -> ViewMessage {
    let slide = try asked.integer("slide", in: 0..<exploration.features.slides.count)
    let scene = try scene(slide)
    let places = Dictionary(scene.rows.enumerated().map { ($1, $0) }) { first, _ in first }
    var points: [UInt32] = []
    var (xs, ys): ([Int32], [Int32]) = ([], [])
    for (index, point) in exploration.map.points.enumerated() where point.slide == slide {
      guard let place = places[point.row] else { continue }
      points.append(UInt32(index))
      xs.append(Int32(clamping: scene.corners[place].x))
      ys.append(Int32(clamping: scene.corners[place].y))
    }
    let levels = scene.levels.map { level in
      JSONFragment.object([
        ("downsample", .integer(level.downsample)), ("columns", .integer(level.columns)),
        ("rows", .integer(level.rows)),
      ])
    }
    return ViewMessage(
      [
        ("name", .string(scene.name.visible)), ("width", .integer(scene.width)), ("height", .integer(scene.height)),
        ("left", .integer(0)), ("top", .integer(0)), ("side", .integer(scene.tileSide)),
        ("mpp", scene.micronsPerPixel.map(JSONFragment.number) ?? .null), ("picture", .string(scene.source.rawValue)),
        ("piece", .integer(SlideScenes.pieceSide)), ("levels", .array(levels)), ("note", .optional(scene.note)),
      ], buffers: [points.memory, xs.memory, ys.memory])
  }

  private func pieces(_ asked: PageQuestion) throws -> ViewMessage {
    let slide = try asked.integer("slide", in: 0..<exploration.features.slides.count)
    let scene = try scene(slide)
    let wanted = try asked.pieces("pieces", most: 32)
    let found = Mutex([[UInt8]?](repeating: nil, count: wanted.count))
    DispatchQueue.concurrentPerform(iterations: wanted.count) { index in
      let piece = wanted[index]
      let jpeg = try? exploration.scenes.piece(of: slide, in: scene, level: piece[0], column: piece[1], row: piece[2])
      found.withLock { $0[index] = jpeg }
    }
    let pictures = found.withLock { $0 }
    return ViewMessage(
      [("has", .array(pictures.map { .bool($0 != nil) }))], buffers: pictures.compactMap(\.self))
  }

  private func thumbs(_ asked: PageQuestion) throws -> ViewMessage {
    let slides = try asked.integers("slides", in: 0..<exploration.features.slides.count, most: 32)
    let side = try asked.integer("side", in: Self.sides)
    let pictures = slides.map { try? exploration.scenes.thumbnail(of: $0, side: side) }
    return ViewMessage(
      [("has", .array(pictures.map { .bool($0 != nil) }))], buffers: pictures.compactMap(\.self))
  }

  // MARK: Selections

  private func steps(_ asked: PageQuestion) throws -> [SelectionStep] {
    try asked.steps(pointCount: pointCount, slideCount: exploration.features.slides.count, choice: choice)
  }

  private func selected(
    _ steps: [SelectionStep], _ asked: PageQuestion, _ monitor: any WorkMonitor
  ) throws -> SelectedTiles {
    let key = asked.stepsText
    if let known = latest.withLock({ $0?.json == key ? $0?.selected : nil }) { return known }
    let selected = try exploration.select(steps, monitor: monitor)
    latest.withLock { $0 = (key, selected) }
    return selected
  }

  private static let mostRows = 100

  private func select(_ asked: PageQuestion, _ monitor: any WorkMonitor) throws -> ViewMessage {
    let steps = try steps(asked)
    let selected = try selected(steps, asked, monitor)
    let points = try exploration.points(of: selected)
    let groups = selected.shares.map { group in
      JSONFragment.object([
        ("by", .string(group.by.visible)), ("of", .integer(group.shares.count)),
        (
          "rows",
          .array(
            group.shares.prefix(Self.mostRows).map { share in
              .object([
                ("name", .string(share.name.visible)), ("count", .integer(share.count)), ("all", .integer(share.whole)),
              ])
            })
        ),
      ])
    }
    let exemplars = try exploration.exemplars(of: points, count: 24, monitor: monitor)
    var note: String?
    var text: String?
    let name = try asked.text("name")
    do throws(CommandFailure) { text = try statements.text(steps, name: name) } catch { note = error.message }
    return ViewMessage(
      [
        ("count", .integer(selected.tileCount)), ("total", .integer(selected.total)),
        ("statement", text.map { .string($0.visibleLines) } ?? .null),
        ("groups", .array(groups)), ("exemplars", .integers(exemplars)), ("note", .optional(note)),
      ], buffers: [points.bits])
  }

  private func apart(_ asked: PageQuestion, _ monitor: any WorkMonitor) throws -> ViewMessage {
    let found = try exploration.marks(of: try selected(try steps(asked), asked, monitor), count: 8, monitor: monitor)
    let rows = found.marks.map { mark in
      JSONFragment.object([
        ("feature", .string(mark.feature.visible)), ("direction", .string(mark.isHigher ? "higher" : "lower")),
        ("text", .string(mark.text)),
      ])
    }
    return ViewMessage([
      ("rows", .array(rows)), ("caption", .string(found.caption.visible)),
      ("key", .array(found.marks.map { .string("feature:\($0.feature)") })),
    ])
  }

  /// Runs the statement that was shown, so that the value is what it will be when the notebook is run again.
  private func keep(_ asked: PageQuestion, _ question: any ViewQuestion) throws {
    let steps = try steps(asked)
    let name = try asked.text("name", longest: 200)
    question.betweenStatements { [self] output, monitor in
      do {
        let text = try statement(steps, keptAs: name)
        let silent = SilentOutput()
        let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles(), workspace: workspace)
        switch language.run(text, output: silent, monitor: monitor) {
        case .completed:
          question.answer(
            ViewMessage([
              ("name", .string(name)), ("statement", .string(text)), ("next", .string(statements.freeSelectionName)),
            ]))
        case .failed(let failure), .interrupted(let failure): question.fail(failure.summary)
        }
      } catch {
        question.fail(Self.sentence(of: error))
      }
    }
  }

  private func statement(_ steps: [SelectionStep], keptAs name: String) throws -> String {
    guard ScalarSyntax.isName(name) else {
      throw CommandFailure("A name is one word of letters, digits and underscores, such as s1, and no number.")
    }
    guard workspace.binding(named: name) == nil else {
      throw CommandFailure("There is a value \(name) already; a selection is kept under a name of its own.")
    }
    if let subject = subject.name {
      guard let value = workspace.value(named: subject) else {
        throw CommandFailure("There is no \(subject) any more, from which the statement selects.")
      }
      let map = value as? FeatureMap ?? value.coerced(to: FeatureMap.type) as? FeatureMap
      guard let map, ExploredSubject.isSame(map, exploration.map) else {
        throw CommandFailure("\(subject) is another map now than the one shown here: run the cell of the view again.")
      }
    }
    return try statements.text(steps, name: name)
  }
}

/// True once something newer was asked.
private struct NewestMonitor: WorkMonitor {
  let isOld: @Sendable () -> Bool

  init(_ isOld: @escaping @Sendable () -> Bool) { self.isOld = isOld }

  var isInterrupted: Bool { isOld() }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}

/// What a statement shows whose result stands in the view.
private struct SilentOutput: OutputSink {
  func show(_ output: RichOutput) {}
  func note(_ text: String) {}
}

/// Work done one piece after the other, of which only so much may wait.
private final class WorkLine: Sendable {
  private let queue: DispatchQueue
  private let waiting = Atomic<Int>(0)
  private static let most = 128

  init(_ name: String) { queue = DispatchQueue(label: "view \(name)") }

  /// - Returns: false where too much waits already.
  func add(_ work: @escaping @Sendable () -> Void) -> Bool {
    guard waiting.load(ordering: .relaxed) < Self.most else { return false }
    waiting.add(1, ordering: .relaxed)
    queue.async {
      work()
      self.waiting.subtract(1, ordering: .relaxed)
    }
    return true
  }
}
