import FeatureData
import FeatureStore
import Rendering
import Slides

/// Labels for each slide of a dataset, of one column or several.
struct LabelSet: SessionValue {
  /// At least one.
  let columns: [SlideLabels]
  let dataset: StudyDataset
  /// The table of one's own that they were read from; nil for the annotations.
  let own: Annotations?
  /// True to show outcomes by their place among the unique ones.
  let showsIndices: Bool
  /// True to show a row for each patient.
  let isByPatient: Bool
  /// Patients whose slides have different labels.
  let conflicts: [PatientConflict]
  /// What they were read from without being named, as in `Invocation.basis`.
  var basis: String?

  var valueType: ValueType { .labels }
  /// The project, and each label.
  var valueIdentity: String? {
    let project = dataset.project.valueIdentity ?? ""
    return ContentDigest.ofText(([project] + columns.map(\.identity)).joined(separator: "\n"))
  }
  var knownNames: KnownNames { dataset.knownNames }

  /// Slides with a label in at least one of the columns, sorted.
  private var slides: [String] { columns.reduce(into: Set()) { $0.formUnion($1.slides) }.sorted() }

  var shape: String {
    let count = slides.count.counted("slide")
    guard columns.count == 1 else { return "\(count) × \(columns.count) columns" }
    if case .continuous = columns[0].values { return "\(count), numbers" }
    return "\(count), \(columns[0].categories.count.counted("outcome"))"
  }

  /// A row for each slide, or for each patient with the labels of all slides.
  var table: DataTable {
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
  func single(for parameter: String) throws(WorkflowFailure) -> SlideLabels {
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

  func show(in output: any OutputSink) {
    output.show(table: table, maximumRows: 20)
    for caption in captions.dropFirst() { output.note(caption + ".") }
    let all = dataset.dataset.slides.map(\.name)
    if let own {
      let file = own.path.withShortPaths
      for note in own.notes { output.note("\(file): \(note.sentence)") }
      let absent = all.filter { !own.contains(slide: $0) }
      if !absent.isEmpty { output.note("Not in \(file): \(Self.list(absent)).") }
      let chosen = Set(all)
      let others = own.slides.filter { !chosen.contains($0) }
      if !others.isEmpty { output.note("In \(file), and not in the dataset: \(Self.list(others)).") }
      for sentence in Self.nearNames(own, dataset.dataset) { output.warn(sentence) }
    }
    for labels in columns {
      let labelled = labels.slides
      let blank = all.filter { !labelled.contains($0) && own?.contains(slide: $0) != false }
      guard !blank.isEmpty else { continue }
      // Empty cells need no explanation; what else counts as blank does.
      let isWritten = labels.blanks.keys.contains { !$0.isEmpty }
      let slides = blank.prefix(5).joined(separator: ", ") + (blank.count > 5 ? ", …" : "")
      output.note(
        isWritten
          ? "\(labels.blankPhrase ?? ""): \(slides)." : "Blank in \(labels.column): \(Self.list(blank)).")
    }
    for conflict in conflicts.prefix(10) { output.warn(conflict.sentence) }
    if conflicts.count > 10 {
      output.warn("And \((conflicts.count - 10).counted("more patient")) with different labels.")
    }
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
