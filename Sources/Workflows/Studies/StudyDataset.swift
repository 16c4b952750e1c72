import FeatureStore
import Rendering
import Slides

/// Slides chosen from a project, at one tile size.
struct StudyDataset: SessionValue {
  let study: Study
  let dataset: Dataset
  let knownNames: KnownNames
  /// True to show a row for each patient.
  let isByPatient: Bool
  /// What it was made from without being named, as in `Invocation.basis`.
  let basis: String?

  init(study: Study, dataset: Dataset, isByPatient: Bool = false, basis: String? = nil) {
    self.project = project
    self.dataset = dataset
    self.isByPatient = isByPatient
    self.basis = basis
    var known = project.knownNames
    known.names[NameKind.slide.key] = dataset.slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(
      uniqueKeysWithValues: dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) })
    knownNames = known
  }

  var valueType: ValueType { .dataset }
  /// The project, the size, and which tiles of which files.
  var valueIdentity: String? {
    let slides = dataset.slides.map { "\($0.name)\t\($0.tfrecord)\t\(dataset.tileCount(of: $0))" }
    return ContentDigest.ofText(
      ([project.valueIdentity ?? "", dataset.tileSize.label, "\(dataset.maxTiles)"] + slides).joined(separator: "\n"))
  }
  var shape: String { "\(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))" }

  /// Columns that describe slides well in a table: those with few values, and numbers.
  private var shownColumns: [String] {
    let annotations = dataset.project.annotations
    return annotations.outcomeColumns.filter { column in
      annotations.isNumeric(column) || ((try? annotations.counts(of: column).count) ?? 0) <= 12
    }.prefix(6).map { $0 }
  }

  func show(in output: any OutputSink) {
    output.show(table: isByPatient ? patientTable : slideTable, maximumRows: 20)
    for removal in dataset.removals {
      let names = removal.slides.prefix(5).joined(separator: ", ") + (removal.slides.count > 5 ? ", …" : "")
      output.note("Left out, \(removal.reason): \(removal.slides.count) (\(names)).")
    }
    for remark in dataset.remarks(slideSize: Self.sizes(of: dataset.project)) {
      if case .tenths = remark { output.note(remark.sentence) } else { output.warn(remark.sentence) }
    }
  }

  /// The sizes of slides whose files the project has.
  static func sizes(of project: Project) -> (Dataset.Slide) -> (width: Int, height: Int)? {
    { slide in
      guard let file = project.slideFiles(sources: [slide.source]).first(where: { $0.name == slide.name }),
        file.isUnambiguous, (try? Probe.check(.slide, file.path)) != nil,
        let image = try? WholeSlideImage(path: file.path)
      else { return nil }
      return (image.width, image.height)
    }
  }

  private var caption: String {
    "Dataset \(dataset.tileSize.label): \(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))"
  }

  /// Patients, sorted, with their slides; a column where a patient's slides differ shows each value.
  private var patientTable: DataTable {
    let columns = shownColumns
    let patients = PatientSlides.grouped(dataset.slides.map(\.name), dataset.project.annotations)
    let tiles = Dictionary(uniqueKeysWithValues: dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) })
    let rows: [[DataTable.Cell]] = patients.map { patient in
      [.text(patient.name)] + columns.map { .text(patient.text(of: $0, dataset.project.annotations)) } + [
        .integer(patient.slides.count), .integer(patient.slides.reduce(0) { $0 + (tiles[$1] ?? 0) }),
      ]
    }
    return DataTable(
      columns: [DataTable.Column("patient")] + columns.map { DataTable.Column($0) }
        + [DataTable.Column("slides", .integer), DataTable.Column("tiles", .integer)], rows: rows,
      caption: (caption + ", \(patients.count.counted("patient"))").followed(by: basis))
  }

  private var slideTable: DataTable {
    let columns = shownColumns
    let annotations = dataset.project.annotations
    let rows: [[DataTable.Cell]] = dataset.slides.map { slide in
      [.text(slide.name)]
        + columns.map { .text(((try? annotations.value(of: $0, slide: slide.name)) ?? nil) ?? "") }
        + [.integer(dataset.tileCount(of: slide))]
    }
    return DataTable(
      columns: [DataTable.Column("slide")] + columns.map { DataTable.Column($0) }
        + [DataTable.Column("tiles", .integer)], rows: rows, caption: caption.followed(by: basis))
  }
}

/// The slides of one patient.
struct PatientSlides {
  let name: String
  let slides: [String]

  /// Sorted by patient.
  static func grouped(_ slides: [String], _ annotations: Annotations) -> [PatientSlides] {
    Dictionary(grouping: slides) { annotations.patient(of: $0) ?? "" }.sorted { $0.key < $1.key }
      .map { PatientSlides(name: $0.key, slides: $0.value) }
  }

  /// The different values of a column, in the order of the slides.
  func text(of column: String, _ annotations: Annotations) -> String {
    var values: [String] = []
    for slide in slides {
      guard let value = (try? annotations.value(of: column, slide: slide)) ?? nil, !Annotations.isBlank(value),
        !values.contains(value)
      else { continue }
      values.append(value)
    }
    return values.joined(separator: " / ")
  }
}
