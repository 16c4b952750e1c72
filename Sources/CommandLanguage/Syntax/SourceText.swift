/// The text of a cell as Unicode scalars, which is how Jupyter counts positions.
package struct SourceText: Sendable, Equatable {
  package let scalars: [Unicode.Scalar]
  /// Where each line begins; CR LF, LF and CR end a line.
  package let lineStarts: [Int]

  /// - Complexity: O(n)
  package init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    var starts = [0]
    for (index, scalar) in scalars.enumerated() {
      let endsLine = scalar == "\n" || (scalar == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n"))
      if endsLine { starts.append(index + 1) }
    }
    lineStarts = starts
  }

  /// The line of a position, from 1.
  ///
  /// - Complexity: O(log lines)
  package func line(at position: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= position { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The positions of a line (from 1) without its line end.
  package func span(ofLine line: Int) -> Range<Int> {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : scalars.count
    while end > start, scalars[end - 1] == "\n" || scalars[end - 1] == "\r" { end -= 1 }
    return start..<end
  }

  package func text(in span: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[span.clamped(to: 0..<scalars.count)])
    return String(view)
  }
}
