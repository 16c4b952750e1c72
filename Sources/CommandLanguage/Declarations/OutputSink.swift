/// Where results go: a notebook, or files.
package protocol OutputSink: Sendable {
  func show(_ output: RichOutput)
  /// The value of a bare name, which notebooks mark as the cell's result.
  func showValue(_ output: RichOutput)
  /// A manual page, for which some front ends have a place outside the notebook.
  func showPage(_ output: RichOutput)
  /// Shows what `update` may replace later, also from another statement.
  func showUpdatable(_ output: RichOutput) -> DisplayHandle
  /// Replaces what was shown under `display`; nothing happens where that is not shown any more.
  func update(_ display: DisplayHandle, to output: RichOutput)
  /// A line of text beside the results.
  func note(_ text: String)
  /// A line about what is not as it should be, such as a slide that was left out.
  func warn(_ text: String)
  /// Shows `output`, and in its place `view` where the front end can.
  func show(_ output: RichOutput, orLive view: any LiveView)
}

extension OutputSink {
  package func showValue(_ output: RichOutput) { show(output) }
  package func showPage(_ output: RichOutput) { show(output) }
  package func warn(_ text: String) { note(text) }

  package func showUpdatable(_ output: RichOutput) -> DisplayHandle {
    show(output)
    return DisplayHandle("")
  }

  /// Where nothing can be replaced, the later state is shown as well.
  package func update(_ display: DisplayHandle, to output: RichOutput) { show(output) }

  package func show(_ output: RichOutput, orLive view: any LiveView) { show(output) }
}

/// What names a display to the sink that shows it.
package struct DisplayHandle: Sendable, Hashable {
  package let name: String
  package init(_ name: String) { self.name = name }
}
