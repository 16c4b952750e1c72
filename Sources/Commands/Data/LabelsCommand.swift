import CommandLanguage
import Workflows

/// `labels`: a label for each slide, read from columns of the annotations or of a table of one's own.
enum LabelsCommand {
  static let declaration = CommandDeclaration(
    name: "labels", referenceNames: ["Dataset.labels"], topic: "Data",
    summary: "Reads a label for each slide from a column of the annotations, and the unique outcomes.",
    discussion: """
      Outcomes are in their natural order, 2 before 10. Slides that are blank in the column have no label; blank is what \
      slideflow 3 reads as blank: an empty cell, NA, N/A, n/a, NaN, nan, null, NULL, None, <NA>, #N/A. Several columns \
      give each slide a list of labels. `from` names a CSV file of your own, whose rows are joined by its column \
      `slide`, or by `patient` where it has none. Patients whose slides have different labels are named. `format=index` \
      shows labels as slideflow does: as their place among the unique outcomes sorted as texts, from 0. Commands that \
      take labels take those of one column.
      """,
    subject: SubjectDeclaration(name: "dataset", types: [.dataset], documentation: "The slides."),
    parameters: [
      ParameterDeclaration(
        "column", .list(.name(.column)), positional: true, required: true, referenceNames: ["headers"],
        "A column of the annotations, or several."),
      ParameterDeclaration("use_float", .boolean, default: "false", "Reads the labels as numbers."),
      ParameterDeclaration(
        "from", .path(.existingFile(extensions: ["csv"])), "A table of your own to read the column from."),
      ParameterDeclaration(
        "format", .choice(["name", "index"]), default: "name", effects: [.without("use_float")],
        "Shows outcomes by name, or by their place among the unique ones."),
      ParameterDeclaration("by", .choice(["slide", "patient"]), default: "slide", "What the table has a row for."),
    ], result: .labels,
    examples: [
      "labels HPV_status", "labels age use_float=true", "labels [HPV_status, site] format=index",
      "labels HPV_status by=patient",
    ])

  static let command = Command(
    declaration,
    peek: { input in
      guard let path = input.arguments.text("from") else { return input.subjectNames }
      var known = input.subjectNames ?? KnownNames()
      known.names[NameKind.column.key] = StudyNames.columns(ofTable: path)
      known.overridingKeys = [NameKind.column.key]
      return known
    },
    identify: { $0.statement },
    run: { invocation in
      guard let dataset = invocation.subjects.first as? StudyDataset else { return nil }
      let arguments = invocation.arguments
      var reading = LabelSet.Reading()
      reading.path = arguments.text("from")
      reading.useFloat = arguments.boolean("use_float") ?? false
      reading.showsIndices = arguments.text("format") == "index"
      reading.isByPatient = arguments.text("by") == "patient"
      let value = try LabelSet(arguments.texts("column") ?? [], of: dataset, reading, basis: invocation.basis)
      value.show(in: invocation.output)
      return value
    })
}
