/// A network of torch in its ONNX form, and how torch makes it again.
package struct ConvertedNetwork: Sendable, Hashable {
  /// The ONNX file.
  package let file: String
  /// For programs in Python, as JSON.
  package let recipe: String

  package init(file: String, recipe: String) {
    self.file = file
    self.recipe = recipe
  }
}
