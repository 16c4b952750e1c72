import CommandLanguage
import Slides
import Workflows

/// `project`: opens a slideflow project, or makes one.
struct ProjectCommand: TypedCommand {
  static let page = CommandPage(
    "project", topic: "Data", summary: "Opens a project: its settings, annotations and tiles; or makes a new one.",
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
      """, reference: ["Project", "load_project"],
    synonyms: ["open", "open_project", "load_project", "study"],
    examples: [
      "project tessera-demo", "project tessera-demo store=results",
      "project new-study create=true tfrecords=tessera-demo/tfrecords annotations=tessera-demo/annotations.csv",
    ])

  @Parameter("The folder that holds settings.json.", as: .path(.directory(newWith: "create")), positional: true)
  var path: String
  @Parameter(
    "The folder in which features and maps are kept.", as: .path(.output(extensions: [])), shown: "PATH/tessera")
  var store: String?
  @Parameter("Makes a new project in the folder.") var create = false
  @Parameter(
    "The table of patients and slides; it is read where it lies.", as: .path(.existingFile(extensions: ["csv"])),
    only: creating)
  var annotations: String?
  @Parameter("The folder of whole-slide images.", as: .path(.existingDirectory), only: creating) var slides: String?
  @Parameter(
    "The folder of tiles, with a folder in it for each size, such as 299px_302um; it is made where it is not there.",
    as: .path(.output(extensions: [])), only: creating)
  var tfrecords: String?
  @Parameter(
    "The folder of regions of interest, a CSV file a slide.", as: .path(.existingDirectory), only: creating)
  var roi: String?
  @Parameter("The name of the project and its source; left out, that of the folder.", only: creating)
  var name: String?

  private static var creating: [ParameterCondition] { [.with(\ProjectCommand.$create, true)] }

  func peek(_ input: PeekInput) -> KnownNames? {
    if create { return annotations.flatMap(StudyNames.ofTable).map { KnownNames($0) } }
    return $path.given.flatMap { path in
      KnownNames(ofProject: path)?.withJournal(ofStore: Study.storeFolder(path, store: store))
    }
  }

  func identify(_ input: PeekInput) -> String? { $path.given.map { Study.identity(inFolder: $0, store: store) } ?? nil }

  func run(_ invocation: Invocation) throws -> Study {
    if create {
      var creation = ProjectCreation(folder: path)
      if let name { creation.name = name }
      creation.annotations = annotations
      creation.slides = slides
      creation.tfrecords = tfrecords
      creation.regionsOfInterest = roi
      try Study.create(creation, remarks: invocation.remarks)
    }
    let value = try Study.open(path, store: store)
    value.show(in: invocation.output)
    return value
  }
}
