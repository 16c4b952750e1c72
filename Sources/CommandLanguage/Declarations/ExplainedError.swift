/// An error that says what was wrong in words for a user: a failed statement shows them as they are.
package protocol ExplainedError: Error {
  /// One sentence or more that name the file, record, column or layer.
  var message: String { get }
  /// What to type or do instead.
  var remedy: String? { get }
  /// The parameter (or the subject's name) at fault, so that the caret stands under it.
  var parameter: String? { get }
}

/// An error that means that the user stopped the statement.
package protocol InterruptionError: Error {}

extension CommandFailure: ExplainedError {}
extension StatementInterrupted: InterruptionError {}
