import CommandLanguage
import Slides
import Workflows

/// `project`: opens a slideflow project, or makes one.
enum ProjectCommand {
  static let declaration = CommandDeclaration(
    name: "project", referenceNames: ["Project", "load_project"], topic: "Data",
    summary: "Opens a project: its settings, annotations and tiles; or makes a new one.",
    discussion: """
      The folder is one of slideflow's, of version 1 to 3: settings.json, datasets.json and annotations.csv. Opening \
      changes nothing in it. Results are kept in a folder `tessera` inside it, or in the folder given as `store`, as \
      for a project that cannot be written. Annotations have a row for each slide, with its patient. Rows without a \
      slide are passed over; where no row names one, slides are found by the patients' ids in the names of files. Cells \
      that slideflow 3 reads as blank, such as NA, are blank and counted; what else is read otherwise than it is written, \
      such as a second column of a name, is said, and so are names that nearly are those of files. Slide files are looked \
      for up to 5 folders deep; two of one name are refused when the slide is read, unless they are copies.

      With `create=true` the folder becomes a new project, in the files of slideflow 3. No file that exists is changed. \
      Without `annotations` an annotations.csv is begun with the slides that are found, each as a patient of its own.
      """,
    parameters: [
      ParameterDeclaration(
        "path", .path(.directory(newWith: "create")), positional: true, required: true,
        "The folder that holds settings.json."),
      ParameterDeclaration(
        "store", .path(.output(extensions: [])), default: "PATH/tessera",
        "The folder in which features and maps are kept."),
      ParameterDeclaration("create", .boolean, default: "false", "Makes a new project in the folder."),
      ParameterDeclaration(
        "annotations", .path(.existingFile(extensions: ["csv"])), effects: creating,
        "The table of patients and slides; it is read where it lies."),
      ParameterDeclaration("slides", .path(.existingDirectory), effects: creating, "The folder of whole-slide images."),
      ParameterDeclaration(
        "tfrecords", .path(.existingDirectory), effects: creating,
        "The folder of tiles, with a folder in it for each size, such as 299px_302um."),
      ParameterDeclaration(
        "roi", .path(.existingDirectory), effects: creating, "The folder of regions of interest, a CSV file a slide."),
      ParameterDeclaration(
        "name", .text, effects: creating, "The name of the project and its source; left out, that of the folder."),
    ], result: .project,
    examples: [
      "project tessera-demo", "project tessera-demo store=results",
      "project new-study create=true tfrecords=tessera-demo/tfrecords annotations=tessera-demo/annotations.csv",
    ])

  private static let creating = [ParameterEffect.with("create", values: ["true"])]

  static let command = Command(
    declaration,
    peek: { input in
      guard input.arguments.boolean("create") == true else {
        guard let path = input.arguments.text("path") else { return nil }
        return KnownNames(ofProject: path)?.remembering(
          store: Study.storeFolder(path, store: input.arguments.text("store")))
      }
      return input.arguments.text("annotations").flatMap(StudyNames.ofTable).map { KnownNames($0) }
    },
    identify: { input in
      input.arguments.text("path").map { Study.identity(inFolder: $0, store: input.arguments.text("store")) }
    },
    run: { invocation in
      let arguments = invocation.arguments
      let path = arguments.text("path") ?? "."
      if arguments.boolean("create") == true {
        var creation = ProjectCreation(folder: path)
        if let name = arguments.text("name") { creation.name = name }
        creation.annotations = arguments.text("annotations")
        creation.slides = arguments.text("slides")
        creation.tfrecords = arguments.text("tfrecords")
        creation.regionsOfInterest = arguments.text("roi")
        try Study.create(creation, remarks: invocation.remarks)
      }
      let value = try Study.open(path, store: arguments.text("store"))
      value.show(in: invocation.output)
      return value
    })
}
