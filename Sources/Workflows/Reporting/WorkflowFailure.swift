/// What a workflow throws when it cannot do what was asked: a sentence, and what to do instead.
package struct WorkflowFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence or more that name the file, record, column or layer.
  package let message: String
  /// What to type or do instead.
  package let remedy: String?
  /// The name of the argument at fault.
  package let parameter: String?
  /// True where a rule leaves no tile, and nothing else is wrong with it.
  var leavesNothing = false

  package init(_ message: String, remedy: String? = nil, parameter: String? = nil) {
    self.message = message
    self.remedy = remedy
    self.parameter = parameter
  }

  package var description: String { message }
}
