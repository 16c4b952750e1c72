import CommandLanguage
import FeatureStore
import Foundation
import Slides

/// `project`: opens a slideflow project.
enum ProjectCommand {
  static let declaration = CommandDeclaration(
    name: "project", referenceNames: ["Project", "load_project"], topic: "Data",
    summary: "Opens a project: its settings, annotations and tiles.",
    discussion: """
      The folder is one of slideflow's: settings.json, datasets.json and annotations.csv. Opening changes nothing in \
      it. Results are kept in a folder `tessera` inside it, or in the folder given as `store`.
      """,
    parameters: [
      ParameterDeclaration(
        "path", .path(.existingDirectory), positional: true, required: true, "The folder that holds settings.json."),
      ParameterDeclaration(
        "store", .path(.output(extensions: [])), default: "PATH/tessera",
        "The folder in which features and maps are kept."),
    ], result: .project, examples: ["project tessera-demo", "project tessera-demo store=results"])

  static let command = Command(
    declaration,
    peek: { input in input.arguments.text("path").flatMap(ProjectValue.knownNames(inFolder:)) },
    run: { invocation in
      let path = invocation.arguments.text("path") ?? "."
      let value = try open(path, store: invocation.arguments.text("store"))
      value.show(in: invocation.output)
      return value
    })

  static func open(_ path: String, store: String?) throws -> ProjectValue {
    let project = try Reporting.run(parameter: "path") { try Project(folder: path) }
    let folder = store.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? project.folder + "/tessera"
    let featureStore = try Reporting.run(parameter: store == nil ? "path" : "store") {
      try FeatureStore(folder: folder)
    }
    return ProjectValue(project: project, store: featureStore)
  }
}
