import CommandLanguage
import Dispatch
import FeatureData
import Files
import Rendering
import Synchronization
import Workflows

/// Answers what the page of a view asks.
///
/// All but the first answer is given in lines of work of their own, so that tiles are shown while a selection is looked
/// into. Of most kinds of work the newest question of a page makes its earlier ones stop.
final class ExplorationAnswers: Sendable {
  let exploration: Exploration
  private let first: ColourChoice?
  private let workspace: Workspace
  private let subject: ExploredSubject
  /// What tiles have by themselves; it stays the same.
  private let fixed: [ColourChoice]
  private let cards = WorkLine("cards")
  private let colouring = WorkLine("colours")
  private let selecting = WorkLine("selections")
  private let analysis = WorkLine("analysis")
  private let pictures = WorkLine("pictures")
  private let thumbnails = WorkLine("thumbnails")
  /// By page and kind of work, how often it was asked for.
  private let newest = Mutex<[Work: Int]>([:])
  /// The selection that was asked about last, with its steps; none that depends on what names of the session mean.
  private let latest = Mutex<(steps: [String], selected: SelectedTiles)?>(nil)
  private let isKeeping = Atomic<Bool>(false)

  private struct Work: Hashable {
    enum Kind { case card, colour, select, apart, near }
    let page: String
    let kind: Kind
  }

  init(_ exploration: Exploration, subject: ExploredSubject, first: ColourChoice?, workspace: Workspace) {
    self.exploration = exploration
    self.subject = subject
    self.first = first
    self.workspace = workspace
    var choices = exploration.colourChoices
    if exploration.features.featureCount > 0 {
      choices.append(
        ColourChoice(
          key: "feature:", title: "a feature…", group: .activations, aspect: .feature(layer: nil, index: 0)))
    }
    if let first, !choices.contains(where: { $0.key == first.key }), first.group != .activations {
      choices.append(first)
    }
    fixed = choices
  }

  /// Gives back what was made for a page that is gone.
  func forget() {
    latest.withLock { $0 = nil }
    newest.withLock { $0 = [:] }
    exploration.forget()
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
      case "colourings": question.answer(ViewMessage([("colourings", ColourChoice.menu(menu))]))
      case "colour": later(colouring, question, .colour) { _ in try self.colours(asked) }
      case "tile": later(cards, question, .card) { _ in try self.tile(asked) }
      case "tiles": later(pictures, question) { _ in try self.tiles(asked) }
      case "slide": later(pictures, question) { _ in try self.slide(asked) }
      case "pieces": later(pictures, question) { _ in try self.pieces(asked) }
      case "thumbs": later(thumbnails, question) { _ in try self.thumbs(asked) }
      case "near": later(analysis, question, .near) { try self.near(asked, $0) }
      case "select":
        // What is told of the selection before is not wanted any more.
        _ = number(Work(page: question.page, kind: .apart))
        later(selecting, question, .select) { try self.select(asked, $0) }
      case "apart": later(analysis, question, .apart) { try self.apart(asked, $0) }
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

  /// How often a kind of work was asked for, with this time.
  private func number(_ work: Work) -> Int {
    newest.withLock { newest in
      newest[work, default: 0] += 1
      return newest[work] ?? 0
    }
  }

  /// - Parameter kind: of work of which a page wants only the newest.
  private func later(
    _ line: WorkLine, _ question: any ViewQuestion, _ kind: Work.Kind? = nil,
    _ work: @escaping @Sendable (any WorkMonitor) throws -> ViewMessage
  ) {
    let own = kind.map { Work(page: question.page, kind: $0) }
    let number = own.map(number) ?? 0
    let monitor = NewestMonitor { [weak self] in
      guard let own else { return false }
      return self?.newest.withLock { $0[own] } != number
    }
    // Slides may lie on a slow disk, and statistics of a million tiles take their time.
    if kind != .card { question.postpone() }
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
      subject: subject.name, selectionName: statements.freeSelectionName, choices: menu, first: first,
      isFrozen: false)
    return ViewMessage(members, buffers: buffers)
  }

  /// Everything that `label` would take, also what the session has come to hold since.
  private var menu: [ColourChoice] {
    var taken = Set(fixed.map(\.key))
    return fixed
      + workspace.bindings.compactMap { binding in
        guard let name = binding.name, let choice = sessionChoice(binding.value, name), isOfTheseTiles(choice) else {
          return nil
        }
        return fixed.contains { $0.key == name && $0.group == .session } ? nil : choice.differing(from: &taken)
      }
  }

  private func isOfTheseTiles(_ choice: ColourChoice) -> Bool {
    guard case .groups(let groups, _) = choice.aspect else { return true }
    return (try? groups.numbers(on: exploration.features)) != nil
  }

  private func sessionChoice(_ value: any SessionValue, _ name: String) -> ColourChoice? {
    func choice(_ title: String, _ aspect: TileAspect) -> ColourChoice {
      ColourChoice(key: name, title: title, group: .session, aspect: aspect)
    }
    switch value {
    case let clusters as TileClusters: return choice("clusters \(name)", .groups(clusters.groups, name: name))
    case let selection as SelectedTiles:
      return choice("selection \(name)", .groups(selection.groups(name: name), name: name))
    case let labels as LabelSet:
      guard let single = try? labels.single(for: "by") else { return nil }
      return choice("\(single.column) (labels \(name))", .labels(single, name: name))
    default: return nil
    }
  }

  private func choice(_ key: String) throws -> ColourChoice {
    if key != "feature:", let choice = fixed.first(where: { $0.key == key }) {
      // A name of the session may have come to mean another value.
      guard choice.group == .session, let value = workspace.value(named: key) else { return choice }
      return sessionChoice(value, key) ?? choice
    }
    let name = key.hasPrefix("session:") ? String(key.dropFirst("session:".count)) : key
    if let value = workspace.value(named: name), let choice = sessionChoice(value, name) { return choice }
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

  private func slide(_ asked: PageQuestion) throws -> ViewMessage {
    let slide = try asked.integer("slide", in: 0..<exploration.features.slides.count)
    let scene = try exploration.scenes.scene(of: slide)
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
    let scene = try exploration.scenes.scene(of: slide)
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
    try asked.steps(pointCount: pointCount, slideCount: exploration.features.slides.count) { key, name in
      try exploration.within(choice(key), shownName: name) { ValueCondition.equal($0).holds(text: $1, number: $2) }
    }
  }

  private func selected(
    _ steps: [SelectionStep], _ asked: PageQuestion, _ monitor: any WorkMonitor
  ) throws -> SelectedTiles {
    let texts = asked.stepTexts
    let known = latest.withLock { latest in latest.flatMap { texts.starts(with: $0.steps) ? $0 : nil } }
    if let known, known.steps.count == texts.count { return known.selected }
    let selected = try exploration.select(
      steps.dropFirst(known?.steps.count ?? 0), after: known?.selected, monitor: monitor)
    let isFixed = steps.allSatisfy { $0.within?.choice.group != .session }
    if isFixed { latest.withLock { $0 = (texts, selected) } }
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
    let isOfSlides = exploration.map.isOfSlides
    return ViewMessage(
      [
        ("count", .integer(isOfSlides ? points.count : selected.tileCount)),
        ("total", .integer(isOfSlides ? pointCount : selected.total)),
        // As it is to be copied, whatever the names in it.
        ("statement", text.map(JSONFragment.string) ?? .null),
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
    guard !isKeeping.exchange(true, ordering: .acquiringAndReleasing) else {
      return question.fail("Another selection is being kept; it waits for the cell that runs.")
    }
    question.betweenStatements { [self] _, monitor in
      defer { isKeeping.store(false, ordering: .releasing) }
      do {
        let text = try keep(steps, as: name, monitor)
        question.answer(
          ViewMessage([
            ("name", .string(name)), ("statement", .string(text)), ("next", .string(statements.freeSelectionName)),
          ]))
      } catch {
        question.fail(Self.sentence(of: error))
      }
    }
  }

  private func keep(_ steps: [SelectionStep], as name: String, _ monitor: any ProgressMonitor) throws -> String {
    guard ScalarSyntax.isName(name) else {
      throw CommandFailure("A name is one word of letters, digits and underscores, such as s1, and no number.")
    }
    guard workspace.binding(named: name) == nil else {
      throw CommandFailure("There is a value \(name) already; a selection is kept under a name of its own.")
    }
    let statements = statements
    let shown = try statements.text(steps, name: name)
    if case .madeBy(let statement) = try statements.named() {
      let map = statements.free("map")
      try run("\(map) = \(statement)", monitor)
      guard let made = workspace.value(named: map), ExploredSubject.isSame(made, exploration.map) else {
        try run("drop \(map)", monitor)
        throw CommandFailure(
          "`\(statement)` makes another map now than the one shown here: run the cell of the view again.")
      }
    }
    // With the map that was just made, if it was.
    try run(try statements.text(steps, name: name), monitor)
    return shown
  }

  private func run(_ cell: String, _ monitor: any ProgressMonitor) throws {
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles(), workspace: workspace)
    switch language.run(cell, output: SilentOutput(), monitor: monitor) {
    case .completed: break
    case .failed(let failure), .interrupted(let failure): throw CommandFailure(failure.summary)
    }
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
