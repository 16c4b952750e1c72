/// What the names stand for that earlier lines of a cell bind in Python.
struct PythonNames {
  struct Value {
    /// What it is called here; nil where it is left out, because it is the only one.
    var spelling: String?
    var type: ValueType?
    /// The reference's call that made it.
    var call: String?
    /// Arguments that belong to later calls of the object.
    var kept: [PythonArgument] = []
  }

  var values: [String: Value] = [:]
  /// Numbers and texts.
  var constants: [String: PythonExpression] = [:]
  /// The picture that stands for a value after its colours were changed.
  var pictures: [String: String] = [:]
  /// The lines that make the names of this language.
  var lines: [String: String] = [:]
}
