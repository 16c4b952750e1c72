import CommandLanguage
import Rendering
import Workflows

/// `labels`: a label for each slide, read from columns of the annotations or of a table of one's own.
struct LabelsCommand: TypedCommand {
  /// How outcomes are shown.
  enum Form: String, ParameterChoice { case name, index }

  static let page = CommandPage(
    "labels", topic: "Data",
    summary: "Reads a label for each slide from a column of the annotations, and the unique outcomes.",
    discussion: """
      Outcomes are in their natural order, 2 before 10, or in the one that `order` gives; tables, legends and statistics that \
      take the labels follow it. With `keep=true` the column has this order and these colours from then on, in whatever \
      shows it; what is not given anew stays as it was kept. Slides that are blank in the column have no label; blank is what \
      slideflow 3 reads as blank: an empty cell, NA, N/A, n/a, NaN, nan, null, NULL, None, <NA>, #N/A. Several columns \
      give each slide a list of labels. `from` names a CSV file of your own, whose rows are joined by its column \
      `slide`, or by `patient` where it has none. Patients whose slides have different labels are named. `format=index` \
      shows labels as slideflow does: as their place among the unique outcomes sorted as texts, from 0. Commands that \
      take labels take those of one column.
      """, reference: ["Dataset.labels"],
    synonyms: ["annotations", "annotation", "outcomes", "classes", "categories"],
    examples: [
      "labels HPV_status", "labels age use_float=true", "labels [HPV_status, site] format=index",
      "labels HPV_status by=patient", "l = labels site order=[siteB, siteA]",
      "labels HPV_status colours={positive: crimson, negative: \"#4477AA\"} keep=true",
    ])

  @Subject("The slides.") var dataset: StudyDataset
  @Parameter(
    "A column of the annotations, or several.", as: .list(.name(.column)), positional: true,
    referenceNames: ["headers"])
  var column: [String]
  @Parameter("Reads the labels as numbers.") var useFloat = false
  @Parameter("A table of your own to read the column from.", as: .path(.existingFile(extensions: ["csv"])))
  var from: String?
  @Parameter(
    "Shows outcomes by name, or by their place among the unique ones.", only: [.without(\LabelsCommand.$useFloat)])
  var format = Form.name
  @Parameter("What the table has a row for.") var by = TableRows.slide
  @Parameter(
    "The outcomes in the order in which they are shown, `[low, mid, high]`; others follow.",
    referenceNames: ["categories", "levels"], only: [.without(\LabelsCommand.$useFloat)])
  var order: [String]?
  @Parameter(
    "Colours of outcomes on maps and slides, `{A: red, B: \"#1F77B4\"}`: names as in CSS, or #RRGGBB in quotes.",
    as: .textsByName(key: "outcome", text: "colour"), referenceNames: ["colors"],
    only: [.without(\LabelsCommand.$useFloat)])
  var colours: TextsByName?
  @Parameter(
    "Keeps order and colours with the project, for this column wherever it is shown.",
    only: [.without(\LabelsCommand.$useFloat)])
  var keep = false

  func peek(_ input: PeekInput) -> KnownNames? {
    guard let from else { return input.subjectNames }
    var known = input.subjectNames ?? KnownNames()
    known.names[NameKind.column.key] = StudyNames.columns(ofTable: from)
    known.overridingKeys = [NameKind.column.key]
    return known
  }

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> LabelSet {
    var reading = LabelSet.Reading()
    reading.path = from
    reading.useFloat = useFloat
    reading.showsIndices = format == .index
    reading.isByPatient = by == .patient
    reading.order = order
    reading.colours = try colours?.pairs.map { ($0.name, try Colour(named: $0.text, for: $colours.name)) }
    reading.isKept = keep
    let value = try LabelSet(column, of: dataset, reading, basis: invocation.basis)
    value.show(in: invocation.output)
    return value
  }
}
