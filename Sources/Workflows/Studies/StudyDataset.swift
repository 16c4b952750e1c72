import FeatureData
import FeatureStore
package import Rendering
package import Slides

/// Slides chosen from a study, at one tile size.
package struct StudyDataset: Sendable {
  package let study: Study
  package let dataset: Dataset
  /// True to show a row for each patient.
  package let isByPatient: Bool
  /// What it was made from without being named: "of project p".
  package let basis: String?

  package init(study: Study, dataset: Dataset, isByPatient: Bool = false, basis: String? = nil) {
    self.study = study
    self.dataset = dataset
    self.isByPatient = isByPatient
    self.basis = basis
  }

  /// Chooses slides of a study.
  ///
  /// - Parameters:
  ///   - size: nil for the only size there is.
  ///   - parameter: the argument at fault where slides or tiles are missing.
  package init(
    _ study: Study, size: TileSize? = nil, selection: Dataset.Selection = Dataset.Selection(),
    isByPatient: Bool = false, basis: String? = nil, parameter: String? = nil
  ) throws {
    let dataset = try Reporting.run(parameter: parameter) {
      try Dataset(study.project, tileSize: size, selection: selection)
    }
    self.init(study: study, dataset: dataset, isByPatient: isByPatient, basis: basis)
  }

  /// The same with the first tiles of each slide, where another number is asked for.
  package func limited(toTiles maxTiles: Int?) throws -> StudyDataset {
    guard let maxTiles, maxTiles != dataset.maxTiles else { return self }
    var selection = dataset.selection
    selection.maxTiles = maxTiles
    return try StudyDataset(study, size: dataset.tileSize, selection: selection, parameter: "max_tiles")
  }

  /// The study, the size, and which tiles of which files.
  package var identity: String {
    let slides = dataset.slides.map { slide in
      "\(slide.name)\t\(slide.tfrecord)\t\(dataset.tileCount(of: slide))"
        + (dataset.records(of: slide).map { "\t" + ContentDigest.of("", $0) } ?? "")
    }
    return ContentDigest.ofText(
      ([study.identity, dataset.tileSize.label, "\(dataset.maxTiles)"] + slides).joined(separator: "\n"))
  }

  package var shape: String { "\(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))" }

  /// The columns that slides were chosen by, and others that describe slides well in a table: those with few values, and
  /// numbers.
  private var shownColumns: [String] {
    let annotations = dataset.project.annotations
    let asked = (dataset.selection.filters.map(\.column) + dataset.selection.filterBlank).reduce(into: [String]()) {
      if $1 != Annotations.slideColumn, !$0.contains($1) { $0.append($1) }
    }
    let others = annotations.outcomeColumns.filter { column in
      !asked.contains(column)
        && (annotations.isNumeric(column) || ((try? annotations.counts(of: column).count) ?? 0) <= 12)
    }
    return asked + others.prefix(max(6 - asked.count, 0))
  }

  /// What was left out, and what is wrong with tile files.
  package var remarks: [Remark] {
    let left = dataset.removals.map { removal -> Remark in
      let names = removal.slides.prefix(5).joined(separator: ", ") + (removal.slides.count > 5 ? ", …" : "")
      return .note("Left out, \(removal.reason): \(removal.slides.count) (\(names)).")
    }
    return left
      + dataset.remarks(slideSize: Self.sizes(of: dataset.project)).map { remark in
        switch remark {
        case .tenths, .compressed: .note(remark.sentence)
        default: .warning(remark.sentence)
        }
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

  /// A row for each slide, or for each patient.
  package var table: DataTable { isByPatient ? patientTable : slideTable }

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
