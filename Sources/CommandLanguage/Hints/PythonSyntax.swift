/// An expression of Python, as far as it can mean something here.
indirect enum PythonExpression {
  case name(String)
  case number(String)
  case text(String)
  /// The pieces of an f-string: texts, and the names between them.
  case formatted([PythonExpression])
  case list([PythonExpression])
  case tuple([PythonExpression])
  case dictionary([(key: PythonExpression, value: PythonExpression)])
  case attribute(PythonExpression, String)
  case call(PythonExpression, [PythonArgument])
  case item(PythonExpression, [PythonExpression])
  case slice(PythonExpression?, PythonExpression?)
  /// Two texts joined by `+`, or by the `/` of a path.
  case joined(PythonExpression, PythonExpression, isPath: Bool)
  case ellipsis
  /// Whatever has no counterpart: a comparison, a lambda, a comprehension.
  case other
}

/// One argument of a call, by its place or by name.
struct PythonArgument {
  let name: String?
  let value: PythonExpression
}

/// A statement of Python, or of R where it is written alike.
enum PythonStatement {
  case expression(PythonExpression)
  /// `a, b = value`
  case assignment([String], PythonExpression)
  /// The names that are brought in, the module's where no others are.
  case importing([String])
  case deletion([String])
  /// `for name in values:` and what it repeats.
  case loop(String, PythonExpression, body: [String])
  /// Any other block, by its first word.
  case block(String)
}

extension PythonExpression {
  /// `a.b.c` as its parts; nil for anything else.
  var path: [String]? {
    switch self {
    case .name(let name): [name]
    case .attribute(let base, let name): base.path.map { $0 + [name] }
    default: nil
    }
  }
}
