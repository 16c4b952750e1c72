import CommandLanguage
import FeatureData
import Slides

/// `labels`: a label for each slide, read from a column of the annotations.
enum LabelsCommand {
  static let declaration = CommandDeclaration(
    name: "labels", referenceNames: ["Dataset.labels"], topic: "Data",
    summary: "Reads a label for each slide from a column of the annotations, and the unique outcomes.",
    discussion: "Outcomes are sorted by name. Slides that are blank in the column have no label.",
    subject: SubjectDeclaration(name: "dataset", types: [.dataset], documentation: "The slides."),
    parameters: [
      ParameterDeclaration("column", .name(.column), positional: true, required: true, "A column of the annotations."),
      ParameterDeclaration("use_float", .boolean, default: "false", "Reads the labels as numbers."),
    ], result: .labels, examples: ["labels HPV_status", "labels age use_float=true"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let dataset = invocation.subjects.first as? DatasetValue else { return nil }
      let column = invocation.arguments.text("column") ?? ""
      let value = try make(dataset, column: column, useFloat: invocation.arguments.boolean("use_float") ?? false)
      value.show(in: invocation.output)
      return value
    })

  static func make(_ dataset: DatasetValue, column: String, useFloat: Bool) throws -> LabelsValue {
    let slides = dataset.dataset.slides.map(\.name)
    let labels = try Reporting.run(parameter: "column") {
      try dataset.dataset.project.annotations.labels(column, slides: slides, useFloat: useFloat)
    }
    let labelled: Set<String> =
      switch labels.values {
      case .categorical(let bySlide, _): Set(bySlide.keys)
      case .continuous(let bySlide): Set(bySlide.keys)
      }
    return LabelsValue(
      labels: labels, unlabelled: slides.filter { !labelled.contains($0) }, names: dataset.knownNames)
  }

  /// Labels from an argument that is a labels value or the name of a column; nil if it was left out.
  ///
  /// - Parameter useFloat: nil reads a column as numbers when nearly every slide has another number.
  static func labels(
    _ argument: String, of arguments: BoundArguments, dataset: DatasetValue, useFloat: Bool? = nil
  ) throws -> SlideLabels? {
    if let value = arguments.value(argument) as? LabelsValue { return value.labels }
    guard let column = arguments.text(argument) else { return nil }
    let annotations = dataset.dataset.project.annotations
    return try Reporting.run(parameter: argument) {
      try annotations.labels(
        column, slides: dataset.dataset.slides.map(\.name), useFloat: useFloat ?? annotations.isContinuous(column))
    }
  }
}
