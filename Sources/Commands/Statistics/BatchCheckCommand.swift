import CommandLanguage
import Workflows

/// `batch_check`: whether what is read of an outcome could be the site's.
struct BatchCheckCommand: TypedCommand {
  static let page = CommandPage(
    "batch_check", topic: "Statistics",
    summary: "Checks whether the signal of an outcome could be that of the site, the scanner or another batch.",
    discussion: """
      Says in one sentence whether what can be read of the outcome could be the site's, and shows what that rests on, \
      each beside what chance gives: how often the nearest tiles of other patients are of the same site, or have the same \
      outcome; silhouettes of tiles and of patients; and how well a logistic regression of patients' mean activations \
      reads the site, the outcome of patients left out, and the outcome in sites left out whole. An outcome that is read \
      in patients and not in sites never seen is likely the site's shadow. `by` may be any column of groups: a site, a \
      scanner, a year. Nothing is corrected: where the site is read, take another study design, or `normalize` stains before \
      features are made. Slides blank in either column are left out and counted, and so are tiles with NaN or infinity.
      """,
    reference: ["SlideMap.neighbors"],
    synonyms: [
      "batch_effect", "batch_effects", "batcheffect", "batcheffects", "batch_correction", "site", "sites",
      "site_effect",
      "scanner", "scanners", "center", "centre", "hospital", "institution", "confounder", "confounding", "confounders",
      "confounded", "leakage", "leave_one_site_out", "silhouette",
    ],
    examples: [
      "batch_check by=site outcomes=HPV_status", "b = batch_check df by=site map=u",
      "b = batch_check df by=site;\nsave b batch.csv", "save b batch.pdf theme=print width=114",
    ])

  @Subject("The features.") var features: FeatureSet
  @Parameter(
    "What tells the batches: a column such as the site or the scanner, or labels.",
    referenceNames: [
      "site", "batch", "batches", "scanner", "batch_key", "key", "group", "groups", "column",
    ])
  var by: LabelChoice?
  @Parameter(
    "What is to be told apart from them: a column, or labels.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: nil))
  var outcomes: LabelChoice?
  @Parameter(
    "A map of the features, on which neighbours are counted too; it is shown by both.",
    implies: ImpliedParameter(FeatureMap.type, otherwise: "no map"))
  var map: FeatureMap?
  @Parameter("The nearest tiles of other patients that are looked at.", in: 1...500) var nNeighbors = 20
  @Parameter("Draws tiles, shuffles labels and deals patients; the same seed gives the same numbers.", in: 0...Int.max)
  var seed = 42
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> BatchCheck {
    var request = BatchCheck.Request(by: $by.choice)
    request.outcomes = $outcomes.choice
    request.neighbourCount = nNeighbors
    request.seed = UInt64(seed)
    request.map = map
    var basis = invocation.fullBasis
    // A map that nobody named may be of other features.
    if let map, let implied = invocation.implied.first(where: { $0.parameter == $map.name }), !map.isMade(of: features)
    {
      request.map = nil
      basis = basis?.replacing(", " + implied.phrase, with: "")
      invocation.output.note("The map of the session is of other features, and is left out.")
    }
    var value = try BatchCheck(features, request, basis: basis, monitor: invocation.work)
    value.style = look.style
    value.show(in: invocation.output)
    invocation.output.add(value.remarks)
    return value
  }
}
