import CommandLanguage

extension ValueType {
  static let project = ValueType("Project")
  static let dataset = ValueType("Dataset")
  static let slide = ValueType("Slide")
  static let labels = ValueType("Labels")
  static let model = ValueType("Model")
  static let features = ValueType("Features")
  static let grid = ValueType("Grid")
  static let map = ValueType("Map")
  static let mosaic = ValueType("Mosaic")
  static let table = ValueType("Table")
  static let picture = ValueType("Picture")
}

/// The kinds of values that a session holds, as sentences and checks need them.
let valueTypeDeclarations = [
  ValueTypeDeclaration(
    .project, phrase: "a project", summary: "A slideflow project on disk.", preposition: "of", isProject: true),
  ValueTypeDeclaration(.dataset, phrase: "a dataset", summary: "Slides of a project with their tiles at one size."),
  ValueTypeDeclaration(
    .slide, phrase: "a slide", summary: "A whole-slide image, with its tile grid.", preposition: "of",
    standsFor: .slide),
  ValueTypeDeclaration(
    .labels, phrase: "labels", summary: "One label for each slide.", preposition: "by", standsFor: .column),
  ValueTypeDeclaration(.model, phrase: "a model", summary: "A trained network.", preposition: "with"),
  ValueTypeDeclaration(
    .features, phrase: "features", summary: "Layer activations, logits and locations of every tile."),
  ValueTypeDeclaration(.grid, phrase: "a grid", summary: "Activations over a whole slide, by rows and columns."),
  ValueTypeDeclaration(.map, phrase: "a map", summary: "Tiles or slides laid out in two dimensions."),
  ValueTypeDeclaration(
    .mosaic, phrase: "a mosaic", summary: "Tile images laid over a map.", coercesTo: [.map], members: ["map": .map]),
  ValueTypeDeclaration(.table, phrase: "a table", summary: "Rows and columns."),
  ValueTypeDeclaration(.picture, phrase: "a picture", summary: "A figure that can be saved."),
]
