package import FeatureData
import FeatureStore
package import Rendering
package import Slides

/// Labels for each slide of a dataset, of one column or several.
package struct LabelSet: Sendable {
  /// At least one.
  package let columns: [SlideLabels]
  package let dataset: StudyDataset
  /// The table of one's own that they were read from; nil for the annotations.
  package let own: Annotations?
  /// True to show outcomes by their place among the unique ones.
  let showsIndices: Bool
  /// True to show a row for each patient.
  package let isByPatient: Bool
  /// Patients whose slides have different labels.
  let conflicts: [PatientConflict]
  /// What they were read from without being named: "on dataset d".
  let basis: String?
  /// Outcomes that an order was given without.
  private let followers: [String]

  /// How labels are read and shown.
  package struct Reading: Sendable {
    /// A table of one's own to read them from; nil for the annotations.
    package var path: String?
    /// Reads them as numbers.
    package var useFloat = false
    /// Shows outcomes by their place among the unique ones.
    package var showsIndices = false
    /// Shows a row for each patient.
    package var isByPatient = false
    /// The outcomes in the order in which they are shown; those that are not named follow. Nil for their natural order.
    package var order: [String]?
    /// The colours of some outcomes, by name.
    package var colours: [(outcome: String, colour: Colour)]?
    /// Keeps order and colours with the project.
    package var isKept = false

    package init() {}
  }

  /// Reads the labels of one column or several.
  package init(
    _ columns: [String], of dataset: StudyDataset, _ reading: Reading = Reading(), basis: String? = nil
  ) throws {
    let project = dataset.dataset.project
    let own = try reading.path.map { path in
      try Reporting.run(parameter: "from") { try Annotations(CSVTable(path: path), joinedTo: project.annotations) }
    }
    let annotations = own ?? project.annotations
    let slides = dataset.dataset.slides.map(\.name)
    var labels = try Reporting.run(parameter: "column") {
      for (index, name) in columns.enumerated() where columns[..<index].contains(name) {
        throw WorkflowFailure("The column \(name) is named twice.")
      }
      return try columns.map { column in
        let labels = try annotations.labels(column, slides: slides, useFloat: reading.useFloat)
        return own == nil ? dataset.study.looks.applied(to: labels) : labels
      }
    }
    guard labels.contains(where: { !$0.slides.isEmpty }) else {
      let near = own.map { Self.nearNames($0, dataset.dataset) } ?? []
      throw WorkflowFailure(
        (["No slide of the dataset has a value of \(columns.joined(separator: ", "))."] + near.dropLast())
          .joined(separator: " "), remedy: near.last, parameter: near.isEmpty ? "column" : "from")
    }
    if let order = reading.order {
      labels = try Self.ordered(labels, order)
      followers = labels[0].categories.filter { !order.contains($0) }
    } else {
      followers = []
    }
    if let colours = reading.colours { labels = try Self.coloured(labels, colours) }
    if reading.isKept { try Self.keep(labels, ordered: reading.order != nil, own: own, in: dataset.study) }
    self.columns = labels
    self.dataset = dataset
    self.own = own
    showsIndices = reading.showsIndices
    isByPatient = reading.isByPatient
    conflicts = try columns.flatMap { try annotations.conflicts(in: $0, slides: slides) }
    self.basis = basis
  }

  /// The study, and each label.
  package var identity: String {
    ContentDigest.ofText(([dataset.study.identity] + columns.map(\.identity)).joined(separator: "\n"))
  }

  private static func coloured(
    _ labels: [SlideLabels], _ colours: [(outcome: String, colour: Colour)]
  ) throws(WorkflowFailure) -> [SlideLabels] {
    guard labels.count == 1, var first = labels.first else {
      throw WorkflowFailure(
        "The outcomes of one column can have colours, and these are \(labels.count) columns.", parameter: "colours")
    }
    for (outcome, colour) in colours {
      guard first.categories.contains(outcome) else {
        let few = first.categories.prefix(12).joined(separator: ", ") + (first.categories.count > 12 ? ", …" : "")
        throw WorkflowFailure(
          first.categories.isEmpty
            ? "Outcomes have colours, and \(first.column) is read as numbers."
            : "No slide has \(first.column) \"\(outcome)\"; the outcomes are \(few).", parameter: "colours")
      }
      first.colours[outcome] = colour.hexText
    }
    return [first]
  }

  private static func keep(
    _ labels: [SlideLabels], ordered: Bool, own: Annotations?, in study: Study
  ) throws {
    guard own == nil else {
      throw WorkflowFailure(
        "What is kept with the project is of its own annotations, and these labels are of another table.",
        parameter: "keep")
    }
    guard labels.count == 1, let labels = labels.first, !labels.categories.isEmpty else {
      throw WorkflowFailure(
        "Order and colours are kept for the outcomes of one column, and these are "
          + (labels.count == 1 ? "numbers." : "\(labels.count) columns."), parameter: "keep")
    }
    try Reporting.run(parameter: "keep") {
      try study.keep(
        ClassLooks.Look(order: ordered ? labels.categories : nil, colours: labels.colours), of: labels.column)
    }
  }

  private static func ordered(_ labels: [SlideLabels], _ order: [String]) throws(WorkflowFailure) -> [SlideLabels] {
    guard labels.count == 1, let first = labels.first else {
      throw WorkflowFailure(
        "The outcomes of one column can be put in order, and these are \(labels.count) columns.", parameter: "order")
    }
    let known = first.categories
    guard !known.isEmpty else {
      throw WorkflowFailure("Outcomes are put in order, and \(first.column) is read as numbers.", parameter: "order")
    }
    if let unknown = order.first(where: { !known.contains($0) }) {
      let few = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
      throw WorkflowFailure(
        "No slide has \(first.column) \"\(unknown)\"; the outcomes are \(few).", parameter: "order")
    }
    return [first.ordered(order)]
  }

  /// Slides with a label in at least one of the columns, in their natural order.
  private var slides: [String] { NaturalOrder.sorted(columns.reduce(into: Set()) { $0.formUnion($1.slides) }) }

  package var shape: String {
    let count = slides.count.counted("slide")
    guard columns.count == 1 else { return "\(count) × \(columns.count) columns" }
    if case .continuous = columns[0].values { return "\(count), numbers" }
    return "\(count), \(columns[0].categories.count.counted("outcome"))"
  }

  /// A row for each slide, or for each patient with the labels of all slides.
  package var table: DataTable {
    let slides = slides
    let kinds = columns.map { labels in
      DataTable.Column(labels.column, isByPatient ? .text : kind(of: labels))
    }
    let cells = columns.map(cells)
    guard isByPatient else {
      return DataTable(
        columns: [DataTable.Column("slide")] + kinds,
        rows: slides.map { slide in [.text(slide)] + cells.map { $0(slide) } },
        caption: captions[0].followed(by: basis, after: "; "))
    }
    let patients = PatientSlides.grouped(slides, dataset.dataset.project.annotations)
    let tiles = Dictionary(
      uniqueKeysWithValues: dataset.dataset.slides.map { ($0.name, dataset.dataset.tileCount(of: $0)) })
    return DataTable(
      columns: [DataTable.Column("patient")] + kinds + [
        DataTable.Column("slides", .integer), DataTable.Column("tiles", .integer),
      ],
      rows: patients.map { patient in
        [.text(patient.name)] + cells.map { .text(Self.joined(patient.slides.map($0))) } + [
          .integer(patient.slides.count), .integer(patient.slides.reduce(0) { $0 + (tiles[$1] ?? 0) }),
        ]
      }, caption: (captions[0] + ", \(patients.count.counted("patient"))").followed(by: basis, after: "; "))
  }

  private func kind(of labels: SlideLabels) -> DataTable.Kind {
    switch labels.values {
    case .categorical: showsIndices ? .integer : .text
    case .continuous: .number(significantDigits: 6)
    }
  }

  private func cells(_ labels: SlideLabels) -> (String) -> DataTable.Cell {
    switch labels.values {
    case .continuous(let bySlide): return { bySlide[$0].map { .number($0) } ?? .missing }
    case .categorical(let bySlide, _):
      guard showsIndices else { return { bySlide[$0].map { .text($0) } ?? .missing } }
      let indices = labels.indexBySlide ?? [:]
      return { indices[$0].map { .integer($0) } ?? .missing }
    }
  }

  /// Different labels of one patient, each once.
  private static func joined(_ cells: [DataTable.Cell]) -> String {
    var texts: [String] = []
    for cell in cells {
      let text: String
      switch cell {
      case .text(let value): text = value
      case .integer(let value): text = String(value)
      case .number(let value): text = value.shortText
      case .missing: continue
      }
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: " / ")
  }

  /// One for each column; the first is the table's.
  private var captions: [String] { columns.map { "Labels \($0.column), \(summary(of: $0))" } }

  /// The labels of the one column that there must be.
  ///
  /// - Parameter parameter: what they are given for.
  package func single(for parameter: String) throws(WorkflowFailure) -> SlideLabels {
    guard columns.count == 1 else {
      let names = columns.map(\.column)
      throw WorkflowFailure(
        "These are labels of \(names.count) columns: \(names.joined(separator: ", ")); one is needed here.",
        remedy: own == nil ? "\(parameter)=\(names[0])" : "labels \(names[0]) from=FILE", parameter: parameter)
    }
    return columns[0]
  }

  private func summary(of labels: SlideLabels) -> String {
    switch labels.values {
    case .categorical(let bySlide, let natural):
      let categories = showsIndices ? labels.indexedCategories : natural
      let counts = Dictionary(bySlide.values.map { ($0, 1) }, uniquingKeysWith: +)
      return "unique outcomes: "
        + categories.enumerated().map { index, name in
          (showsIndices ? "\(index) " : "") + "\(name) (\(counts[name] ?? 0))"
        }.joined(separator: ", ")
    case .continuous(let bySlide):
      guard let low = bySlide.values.min(), let high = bySlide.values.max() else { return "no numbers" }
      return "numbers from \(low.shortText) to \(high.shortText)"
    }
  }

  /// What the table alone does not say: other columns, slides without labels, names that nearly fit, conflicts.
  package var remarks: [Remark] {
    var remarks = captions.dropFirst().map { Remark.note($0 + ".") }
    if !followers.isEmpty {
      remarks.append(.note("Not named in the order, and therefore last: \(followers.joined(separator: ", "))."))
    }
    let all = dataset.dataset.slides.map(\.name)
    if let own {
      let file = own.path.withShortPaths
      remarks += own.notes.map { .note("\(file): \($0.sentence)") }
      let absent = all.filter { !own.contains(slide: $0) }
      if !absent.isEmpty { remarks.append(.note("Not in \(file): \(Self.list(absent)).")) }
      let chosen = Set(all)
      let others = own.slides.filter { !chosen.contains($0) }
      if !others.isEmpty { remarks.append(.note("In \(file), and not in the dataset: \(Self.list(others)).")) }
      remarks += Self.nearNames(own, dataset.dataset).map { .warning($0) }
    }
    for labels in columns {
      let labelled = labels.slides
      let blank = all.filter { !labelled.contains($0) && own?.contains(slide: $0) != false }
      guard !blank.isEmpty else { continue }
      // Empty cells need no explanation; what else counts as blank does.
      let isWritten = labels.blanks.keys.contains { !$0.isEmpty }
      let slides = blank.prefix(5).joined(separator: ", ") + (blank.count > 5 ? ", …" : "")
      remarks.append(
        .note(
          isWritten
            ? "\(labels.blankPhrase ?? ""): \(slides)." : "Blank in \(labels.column): \(Self.list(blank))."))
    }
    remarks += conflicts.prefix(10).map { .warning($0.sentence) }
    if conflicts.count > 10 {
      remarks.append(.warning("And \((conflicts.count - 10).counted("more patient")) with different labels."))
    }
    return remarks
  }

  /// Slides of a table of one's own whose names nearly are those of the dataset, and what would mend it.
  static func nearNames(_ own: Annotations, _ dataset: Dataset) -> [String] {
    let names = dataset.slides.map(\.name)
    let chosen = Set(names)
    let place = "in \(own.path.withShortPaths)"
    let pairs = NearName.pairs(
      own.slides.filter { !chosen.contains($0) }, names.filter { !own.contains(slide: $0) })
    return NearName.sentences(pairs, place, otherPlace: "the dataset")
      + (NearName.remedy(pairs, place, as: "the dataset has").map { [$0] } ?? [])
  }

  private static func list(_ slides: [String]) -> String {
    "\(slides.count) (\(slides.prefix(5).joined(separator: ", "))\(slides.count > 5 ? ", …" : ""))"
  }
}

extension SlideLabels {
  /// Equal texts, equal labels.
  var identity: String {
    let lines =
      switch values {
      case .categorical(let bySlide, let categories):
        bySlide.map { "\($0.key)\t\($0.value)" }.sorted() + categories
      case .continuous(let bySlide): bySlide.map { "\($0.key)\t\($0.value)" }.sorted()
      }
    return ([column] + lines).joined(separator: "\n")
  }
}

extension LabelSet: Tabular {}
