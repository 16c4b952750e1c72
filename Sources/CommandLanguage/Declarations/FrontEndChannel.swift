/// A way to and from a part of the front end, such as the page of an interactive view. May be used from any thread.
package protocol FrontEndChannel: Sendable {
  /// Does nothing once the channel is closed.
  ///
  /// - Throws: `FrontEndFault.notJSON`.
  func send(_ message: FrontEndMessage) throws(FrontEndFault)
  func close()
}

/// What hears the front end's end of a channel.
///
/// It is called between statements, one call at a time, for as long as the channel is open: after the statement that
/// opened it too.
package protocol FrontEndListener: Sendable {
  /// - Parameter output: of this call alone; it also updates what statements have shown.
  func received(
    _ message: FrontEndMessage, on channel: any FrontEndChannel, output: any OutputSink, monitor: any ProgressMonitor)
  /// The front end has closed the channel: its page is gone.
  func closed(output: any OutputSink)
}

extension FrontEndListener {
  package func closed(output: any OutputSink) {}
}

/// What one end of a channel tells the other.
package struct FrontEndMessage: Sendable, Equatable {
  /// The text of a JSON value, an object as a rule.
  package let json: String
  /// Binary data that JSON would only make larger, such as coordinates as 32-bit floats.
  package let buffers: [[UInt8]]

  package init(json: String = "{}", buffers: [[UInt8]] = []) {
    self.json = json
    self.buffers = buffers
  }
}

/// Why nothing could be said to the front end.
package enum FrontEndFault: Error, Sendable, Equatable, CustomStringConvertible {
  case absent
  case notJSON(reason: String)

  package var description: String {
    switch self {
    case .absent: "There is no front end here that could show an interactive view; a notebook is one."
    case .notJSON(let reason): "What was meant for the front end is no JSON: \(reason)"
    }
  }
}
