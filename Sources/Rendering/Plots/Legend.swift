/// The names of classes beside their colours, with how many points each has.
struct Legend: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    enum Mark: Equatable, Sendable {
      case disc
      case frame
      case none
    }

    let name: String
    let colour: Colour
    let count: Int?
    var mark: Mark = .disc
  }

  static let nameSize = 12.0
  static let lineHeight = 20.0
  fileprivate static let markRoom = 18.0
  private static let columnGap = 18.0
  fileprivate static let titleRoom = 24.0
  /// Up to this many entries stand in one column.
  private static let entriesInOneColumn = 18

  let title: String?
  let entries: [Entry]

  /// The legend cut and measured for the room it has.
  struct Layout: Sendable {
    let width: Double
    let height: Double
    fileprivate let title: TextBlock?
    fileprivate let columns: [Column]

    /// As they are shown, cut where there is no room.
    var names: [String] { columns.flatMap(\.entries).map(\.name) }
  }

  fileprivate struct Column: Sendable {
    let left: Double
    let width: Double
    let entries: [Entry]
    let nameWidth: Double
  }

  /// Fits the entries into columns; those that find no room are counted in a last line.
  func layout(maximumWidth: Double, maximumHeight: Double, measuring text: TextMeasurer) -> Layout {
    let roomForLines = max(3, Int((maximumHeight - (title == nil ? 0 : Self.titleRoom)) / Self.lineHeight))
    let widestCount = entries.map { countWidth($0, measuring: text) }.max() ?? 0
    let widestName = entries.map { nameWidth($0, measuring: text) }.max() ?? 0
    let wantsOneColumn = entries.count <= min(Self.entriesInOneColumn, roomForLines)
    let nameLimit = wantsOneColumn ? 260.0 : 170.0
    let extra = Self.markRoom + (widestCount > 0 ? widestCount + 12 : 0)
    let columnWidth = min(min(widestName, nameLimit) + extra, maximumWidth)
    let columnLimit = max(1, Int((maximumWidth + Self.columnGap) / (columnWidth + Self.columnGap)))
    let columnCount = wantsOneColumn ? 1 : min(columnLimit, (entries.count + roomForLines - 1) / roomForLines)
    var shown = entries
    let capacity = columnCount * roomForLines
    if shown.count > capacity {
      shown = Array(entries.prefix(capacity - 1))
      let rest = entries.count - shown.count
      shown.append(Entry(name: "… \(NumberText.grouped(rest)) more", colour: .softInk, count: nil, mark: .none))
    }
    let texts = DistinctNames.shortened(shown.map(\.name)) { name in
      text.size(of: TextBlock(name, size: Self.nameSize)).width <= columnWidth - extra
    }
    shown = zip(shown, texts).map { Entry(name: $1, colour: $0.colour, count: $0.count, mark: $0.mark) }
    let linesPerColumn = max(1, (shown.count + columnCount - 1) / columnCount)
    var columns: [Column] = []
    var left = 0.0
    for start in stride(from: 0, to: shown.count, by: linesPerColumn) {
      let part = Array(shown[start..<min(start + linesPerColumn, shown.count)])
      let nameRoom = min(part.map { nameWidth($0, measuring: text) }.max() ?? 0, columnWidth - extra)
      let counts = part.map { countWidth($0, measuring: text) }.max() ?? 0
      let width = Self.markRoom + nameRoom + (counts > 0 ? counts + 12 : 0)
      columns.append(Column(left: left, width: width, entries: part, nameWidth: nameRoom))
      left += width + Self.columnGap
    }
    var width = max(0, left - Self.columnGap)
    var titleBlock: TextBlock?
    if let title {
      let block = TextBlock(
        title, size: Self.nameSize, weight: .bold, maximumWidth: min(max(width, 120), maximumWidth))
      titleBlock = block
      width = max(width, text.size(of: block).width)
    }
    let height = Double(linesPerColumn) * Self.lineHeight + (title == nil ? 0 : Self.titleRoom)
    return Layout(width: width, height: height, title: titleBlock, columns: columns)
  }

  private func nameWidth(_ entry: Entry, measuring text: TextMeasurer) -> Double {
    text.size(of: TextBlock(entry.name, size: Self.nameSize)).width.rounded(.up)
  }

  private func countWidth(_ entry: Entry, measuring text: TextMeasurer) -> Double {
    guard let count = entry.count else { return 0 }
    return text.size(of: TextBlock(NumberText.grouped(count), size: Axes.tickSize)).width.rounded(.up)
  }
}

extension Legend.Layout {
  /// Draws with the legend's top left corner at (x, y).
  func draw(on canvas: Canvas, x: Double, y: Double) {
    var top = y
    if let title {
      canvas.draw(title, x: x, y: top)
      top += Legend.titleRoom
    }
    for column in columns {
      for (line, entry) in column.entries.enumerated() {
        let middle = top + (Double(line) + 0.5) * Legend.lineHeight
        let left = x + column.left
        switch entry.mark {
        case .disc: canvas.fillDisc(x: left + 5.5, y: middle, diameter: 10, colour: entry.colour)
        case .frame:
          canvas.strokeRectangle(
            x: left + 2, y: middle - 4.5, width: 9, height: 9, colour: entry.colour, lineWidth: 3)
        case .none: break
        }
        let isNote = entry.mark == .none
        let name = TextBlock(
          entry.name, size: Legend.nameSize, colour: isNote ? .softInk : .ink, maximumWidth: column.nameWidth)
        canvas.draw(name, x: left + Legend.markRoom, y: middle - canvas.size(of: name).height / 2)
        if let count = entry.count {
          let block = TextBlock(NumberText.grouped(count), size: Axes.tickSize, colour: .softInk)
          let size = canvas.size(of: block)
          canvas.draw(block, x: left + column.width - size.width, y: middle - size.height / 2)
        }
      }
    }
  }
}
