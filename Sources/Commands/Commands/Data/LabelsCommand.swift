import CommandLanguage
import FeatureData
import Slides

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
      known.names[NameKind.column.key] = Study.columns(ofTable: path)
      known.overridingKeys = [NameKind.column.key]
      return known
    },
    identify: { $0.statement },
    run: { invocation in
      guard let dataset = invocation.subjects.first as? StudyDataset else { return nil }
      let arguments = invocation.arguments
      let columns = arguments.texts("column") ?? []
      let own = try arguments.text("from").map { path in
        try Reporting.run(parameter: "from") {
          try Annotations(CSVTable(path: path), joinedTo: dataset.dataset.project.annotations)
        }
      }
      let annotations = own ?? dataset.dataset.project.annotations
      let slides = dataset.dataset.slides.map(\.name)
      let useFloat = arguments.boolean("use_float") ?? false
      let labels = try Reporting.run(parameter: "column") {
        for (index, name) in columns.enumerated() where columns[..<index].contains(name) {
          throw CommandFailure("The column \(name) is named twice.")
        }
        return try columns.map { try annotations.labels($0, slides: slides, useFloat: useFloat) }
      }
      guard labels.contains(where: { !$0.slides.isEmpty }) else {
        let near = own.map { LabelSet.nearNames($0, dataset.dataset) } ?? []
        throw CommandFailure(
          (["No slide of the dataset has a value of \(columns.joined(separator: ", "))."] + near.dropLast())
            .joined(separator: " "), remedy: near.last, parameter: near.isEmpty ? "column" : "from")
      }
      let value = LabelSet(
        columns: labels, dataset: dataset, own: own, showsIndices: arguments.text("format") == "index",
        isByPatient: arguments.text("by") == "patient",
        conflicts: try columns.flatMap { try annotations.conflicts(in: $0, slides: slides) },
        basis: invocation.basis)
      value.show(in: invocation.output)
      return value
    })

  /// The labels of `outcomes`: given or meant, else those that features were made with; none for `outcomes=none`.
  static func outcomes(_ arguments: BoundArguments, of features: FeatureSet) throws -> SlideLabels? {
    if case .none? = arguments["outcomes"] { return nil }
    return try labels(
      "outcomes", of: arguments, project: features.study, slides: features.slides.map(\.name),
      useFloat: arguments.boolean("use_float")) ?? features.outcomes
  }

  /// Labels from an argument that is a labels value or the name of a column; nil if it was left out.
  ///
  /// - Parameter useFloat: nil reads a column as numbers when nearly every slide has another number.
  static func labels(
    _ argument: String, of arguments: BoundArguments, study: Study, slides: [String],
    useFloat: Bool? = nil
  ) throws -> SlideLabels? {
    if let value = arguments.value(argument) as? LabelSet { return try value.single(for: argument) }
    guard let column = arguments.text(argument) else { return nil }
    let annotations = study.project.annotations
    return try Reporting.run(parameter: argument) {
      try annotations.labels(
        column, slides: slides, useFloat: useFloat ?? annotations.isContinuous(column))
    }
  }
}
