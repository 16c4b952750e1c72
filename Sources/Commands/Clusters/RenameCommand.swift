import CommandLanguage
import Workflows

/// `rename`: clusters under other names.
struct RenameCommand: TypedCommand {
  static let page = CommandPage(
    "rename", topic: "Maps", summary: "Gives clusters names; those of one name become one.",
    discussion: """
      A name for each cluster, in their order. What it answers with are new clusters; the old ones stay as they are.
      """, synonyms: ["annotate_clusters", "rename_clusters", "merge", "merge_clusters"],
    examples: [
      "c = cluster df k=3;\nt = rename c [tumour, stroma, lymphocytes]",
      "c = cluster df k=4;\nt = rename c names=[tumour, stroma, fat, stroma]",
    ])

  @Subject("The clusters.") var clusters: TileClusters
  @Parameter("A name for each cluster, in their order.", positional: true) var names: [String]

  func run(_ invocation: Invocation) throws -> TileClusters {
    guard names.count == clusters.names.count else {
      throw CommandFailure(
        "There are \(clusters.names.count) clusters and \(names.count) names: one for each is needed.",
        remedy:
          "names=[\((names.prefix(clusters.names.count) + clusters.names.dropFirst(names.count)).joined(separator: ", "))]",
        parameter: $names.name)
    }
    let value = try Reporting.run { try clusters.renamed(names, monitor: invocation.work) }
    value.show(in: invocation.output)
    return value
  }
}
