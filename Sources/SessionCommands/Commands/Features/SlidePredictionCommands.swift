import CommandLanguage
import FeatureData
import Inference
import Rendering

/// `logits_mean`, `logits_percent` and `logits_predict`: what the model says of whole slides.
enum SlidePredictionCommands {
  static let commands = [mean, percent, predict]

  private static let restriction = ParameterDeclaration(
    "restrict_pred", .list(.indexOrName(.outcome)), referenceNames: ["prediction_filter"],
    "Only these classes: each tile goes to the largest among them; they keep their numbers and names.")
  private static let outcomes = ParameterDeclaration(
    "outcomes", .valueOrName([.labels], .column), referenceNames: ["annotations", "labels"],
    "What is true of the slides, to compare with; left out, the labels of the features.")

  private static let mean = command(
    "logits_mean", referenceNames: ["DatasetFeatures.logits_mean", "DatasetFeatures.softmax_mean"],
    summary: "Shows the mean prediction of each slide's tiles.",
    discussion: "`of=probabilities` averages them after the softmax, as slideflow of today does.",
    parameters: [
      ParameterDeclaration(
        "of", .choice(["logits", "probabilities"]), default: "logits", "What is averaged: before or after the softmax.")
    ], examples: ["logits_mean", "logits_mean df of=probabilities"])
  private static let percent = command(
    "logits_percent", referenceNames: ["DatasetFeatures.logits_percent", "DatasetFeatures.softmax_percent"],
    summary: "Shows the share of each slide's tiles that is predicted to be of each class.", discussion: nil,
    parameters: [restriction], examples: ["logits_percent", "logits_percent df restrict_pred=[negative, positive]"])
  private static let predict = command(
    "logits_predict", referenceNames: ["DatasetFeatures.logits_predict", "DatasetFeatures.softmax_predict"],
    summary: "Shows the class that most of a slide's tiles are predicted to be of.",
    discussion: "Each tile counts for its largest logit; of classes with equally many tiles the first is taken.",
    parameters: [restriction], examples: ["logits_predict", "logits_predict df outcomes=HPV_status"])

  private static func command(
    _ name: String, referenceNames: [String], summary: String, discussion: String?,
    parameters: [ParameterDeclaration], examples: [String]
  ) -> Command {
    let declaration = CommandDeclaration(
      name: name, referenceNames: referenceNames, topic: "Features", summary: summary,
      discussion: discussion ?? "",
      subject: SubjectDeclaration(name: "features", types: [.features], documentation: "The features."),
      parameters: parameters + [outcomes], result: .table, examples: examples)
    return Command(
      declaration,
      run: { invocation in
        guard let features = invocation.subjects.first as? FeaturesValue else { return nil }
        let value = try Reporting.run { try table(name, features, invocation) }
        value.show(in: invocation.output)
        if features.areProbabilities {
          invocation.output.note("The model gives probabilities and no logits; they are taken as they are.")
        }
        return value
      })
  }

  private static func table(_ name: String, _ features: FeaturesValue, _ invocation: Invocation) throws -> TableValue {
    let arguments = invocation.arguments
    let kind = features.model?.choice.parameters?.kind
    if name != "logits_mean", kind == .regression || kind == .survival {
      throw CommandFailure(
        "The model predicts numbers, not classes, so there is no share of tiles by class.", remedy: "logits_mean")
    }
    let predictions = try SlidePredictions(features, restriction: arguments["restrict_pred"]?.items)
    let labels =
      try LabelsCommand.labels(
        "outcomes", of: arguments, project: features.project, slides: features.slides.map(\.name)) ?? features.outcomes
    var truth: [String: String] = [:]
    if case .categorical(let bySlide, _)? = labels?.values { truth = bySlide }
    if case .continuous(let bySlide)? = labels?.values { truth = bySlide.mapValues(\.shortText) }
    let names = predictions.classes.map { features.classNames[$0] }
    let classify = kind != .regression && kind != .survival && features.logitCount > 1
    let gathering: SlidePredictions.Gathering =
      name == "logits_mean" ? .mean(ofProbabilities: arguments.text("of") == "probabilities") : .share

    var columns = [DataTable.Column("slide"), DataTable.Column("tiles", .integer)]
    if name != "logits_predict" { columns += names.map { DataTable.Column($0, .number(significantDigits: 5)) } }
    if classify { columns.append(DataTable.Column("prediction")) }
    if name == "logits_predict" { columns.append(DataTable.Column("share", .number(significantDigits: 3))) }
    if let labels { columns.append(DataTable.Column(labels.column)) }
    // Without the classes' names there is nothing to compare.
    let comparable = classify && !Set(truth.values).isDisjoint(with: features.classNames)
    var compared = 0
    var right = 0
    let rows: [[DataTable.Cell]] = features.slides.map { slide in
      let values = predictions.values(of: slide, gathering)
      var row: [DataTable.Cell] = [.text(slide.name), .integer(slide.tileCount)]
      let best = values.map { predictions.largest($0) }
      if name != "logits_predict" {
        row += names.indices.map { place in values.map { .number($0[place]) } ?? .missing }
      }
      if classify { row.append(best.map { .text(names[$0]) } ?? .missing) }
      if name == "logits_predict" { row.append(best.flatMap { best in values.map { .number($0[best]) } } ?? .missing) }
      if labels != nil { row.append(truth[slide.name].map { .text($0) } ?? .missing) }
      if let best, let label = truth[slide.name] {
        compared += 1
        right += label == names[best] ? 1 : 0
      }
      return row
    }
    let what =
      switch name {
      case "logits_percent": "Share of tiles by predicted class"
      case "logits_predict": "Class of most tiles"
      default:
        arguments.text("of") == "probabilities" || features.areProbabilities
          ? "Mean probabilities" : "Mean logits"
      }
    let caption =
      "\(what): \(features.slides.count.counted("slide"))" + (invocation.subjectName.map { ", on \($0)" } ?? "")
      + (comparable && compared > 0 ? "; \(right) of \(compared) as \(labels?.column ?? "") says" : "")
    let table = DataTable(columns: columns, rows: rows, caption: caption)
    return TableValue(
      table: { table }, shown: table, shownRows: 40, shape: "\(rows.count.counted("slide"))", names: features.knownNames
    )
  }
}
