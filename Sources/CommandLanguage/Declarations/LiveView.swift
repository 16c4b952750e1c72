/// What a front end that can shows in place of a picture: a page of its own, and who answers what it asks.
///
/// It may be shown several times, and answers all of its pages. Everything is called from any thread, also while a
/// statement runs, and is to return soon; an answer may come later.
package protocol LiveView: Sendable {
  /// For people who cannot see it.
  var title: String { get }
  var page: LivePage { get }
  func hear(_ question: any ViewQuestion)
  /// A page is gone.
  func pageClosed()
}

/// What runs in the front end.
package struct LivePage: Sendable {
  /// An ES module that exports `render({host, el})`.
  package let javascript: [UInt8]
  package let styleSheet: [UInt8]

  package init(javascript: [UInt8], styleSheet: [UInt8]) {
    self.javascript = javascript
    self.styleSheet = styleSheet
  }
}

/// What a page asks. It is answered once, from any thread.
package protocol ViewQuestion: Sendable {
  /// The text of a JSON value. It comes from outside: its types, sizes and names are to be checked.
  var json: String { get }
  /// Which page asks.
  var page: String { get }
  func answer(_ message: ViewMessage)
  /// - Parameter sentence: shown to the user.
  func fail(_ sentence: String)
  /// The answer takes longer than a page would wait for.
  func postpone()
  /// Does something between the statements, such as making a value; what it shows goes to `output`.
  func betweenStatements(_ body: @escaping @Sendable (_ output: any OutputSink, _ monitor: any ProgressMonitor) -> Void)
}

/// What a page is told.
package struct ViewMessage: Sendable {
  /// A name and the text of a JSON value each.
  package let members: [(name: String, json: String)]
  /// Binary data that JSON would only make larger, such as coordinates as 32-bit floats.
  package let buffers: [[UInt8]]

  package init(_ members: [(name: String, json: String)], buffers: [[UInt8]] = []) {
    self.members = members
    self.buffers = buffers
  }
}
