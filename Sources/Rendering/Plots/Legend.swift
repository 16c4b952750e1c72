/// What stands beside a picture and explains its colours.
protocol KeyLayout: Sendable {
  /// Units of the layout.
  var width: Double { get }
  var height: Double { get }

  /// With the top left corner at (x, y).
  func draw(on canvas: Canvas, x: Double, y: Double)
}

/// The names of classes beside their colours, with how many points each has.
struct Legend: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    enum Mark: Equatable, Sendable {
      case point(PointShape)
      case frame
      case none
    }

    let name: String
    let colour: Colour
    let count: Int?
    var mark: Mark = .point(.disc)
  }

  static let nameSize = 12.0
  /// Of an entry whose name has one line.
  static let lineHeight = 20.0
  fileprivate static let markRoom = 18.0
  private static let columnGap = 18.0
  fileprivate static let titleGap = 9.0
  /// Of a name that is broken, where there is little room.
  private static let narrowestName = 110.0
  /// Up to this many entries stand in one column.
  private static let entriesInOneColumn = 18
  /// More are counted in a last line: nobody finds a name among them.
  private static let mostEntries = 120
  /// Names that are longer are cut, so that different ones stay different.
  private static let mostLines = 6

  let title: String?
  let entries: [Entry]

  /// The legend broken into lines and measured for the room it has.
  struct Layout: Sendable {
    let width: Double
    let height: Double
    fileprivate let title: TextBlock?
    fileprivate let titleRoom: Double
    fileprivate let columns: [Column]

    /// As they are shown, cut where they would need too many lines.
    var names: [String] { columns.flatMap(\.lines).map(\.entry.name) }
  }

  fileprivate struct Line: Sendable {
    let entry: Entry
    let name: TextBlock
    let count: TextBlock?
    let top: Double
    let height: Double
  }

  fileprivate struct Column: Sendable {
    let left: Double
    let width: Double
    let lines: [Line]
  }

  /// Fits the entries into columns. Names that are too long for one are broken into lines; a list that is too long for
  /// the room makes the legend higher than that.
  ///
  /// - Parameter fillsWidth: has as many columns as there is room for, as under a plot.
  func layout(
    maximumWidth: Double, maximumHeight: Double, fillsWidth: Bool = false, measuring text: TextMeasurer
  ) -> Layout {
    let shown = shownEntries
    let counts = shown.map { $0.count.map { TextBlock(NumberText.grouped($0), size: Axes.tickSize, ink: .soft) } }
    let widestCount = counts.compactMap { $0.map { text.size(of: $0).width.rounded(.up) } }.max() ?? 0
    let natural = shown.map { text.size(of: TextBlock($0.name, size: Self.nameSize)).width.rounded(.up) }
    let extra = Self.markRoom + (widestCount > 0 ? widestCount + 12 : 0)
    let wantsOneColumn = !fillsWidth && shown.count <= Self.entriesInOneColumn
    var nameLimit = max(min(wantsOneColumn ? 260 : 200, maximumWidth - extra), 40)
    if fillsWidth {
      // As many columns as leave names the room of a few words.
      let narrowest = min(natural.max() ?? 0, Self.narrowestName) + extra + Self.columnGap
      let count = max(1, min(Int((maximumWidth + Self.columnGap) / narrowest), shown.count))
      nameLimit = max((maximumWidth + Self.columnGap) / Double(count) - Self.columnGap - extra - 1, 40)
    }
    let nameWidth = min(natural.max() ?? 0, nameLimit) + 1
    let names = Self.blocks(of: shown, width: nameWidth, measuring: text)
    let heights = names.map { text.size(of: $0).height.rounded(.up) + 5 }
    let total = heights.reduce(0, +)

    let titleBlock = title.map {
      TextBlock($0, size: Self.nameSize, weight: .bold, maximumWidth: maximumWidth, maximumLines: 6)
    }
    let titleSize = titleBlock.map { text.size(of: $0) } ?? (width: 0, height: 0)
    let titleRoom = titleBlock == nil ? 0 : titleSize.height + Self.titleGap
    let columnLimit = max(1, Int((maximumWidth + Self.columnGap) / (nameWidth + extra + Self.columnGap)))
    let wanted =
      fillsWidth ? columnLimit : Int((total / max(maximumHeight - titleRoom, 3 * Self.lineHeight)).rounded(.up))
    let columnCount = wantsOneColumn ? 1 : max(1, min(columnLimit, wanted, shown.count))

    var columns: [Column] = []
    var left = 0.0
    var bottom = 0.0
    for part in Self.parts(heights, count: columnCount) {
      var top = 0.0
      var lines: [Line] = []
      for index in part {
        lines.append(
          Line(
            entry: shown[index].named(names[index].text), name: names[index], count: counts[index], top: top,
            height: heights[index]))
        top += heights[index]
      }
      let nameRoom = part.map { text.size(of: names[$0]).width.rounded(.up) }.max() ?? 0
      let countRoom = part.compactMap { counts[$0].map { text.size(of: $0).width.rounded(.up) } }.max() ?? 0
      let width = Self.markRoom + nameRoom + (countRoom > 0 ? countRoom + 12 : 0)
      columns.append(Column(left: left, width: width, lines: lines))
      left += width + Self.columnGap
      bottom = max(bottom, top)
    }
    return Layout(
      width: max(left - Self.columnGap, titleSize.width, 0), height: bottom + titleRoom, title: titleBlock,
      titleRoom: titleRoom, columns: columns)
  }

  private var shownEntries: [Entry] {
    guard entries.count > Self.mostEntries else { return entries }
    let rest = entries.count - Self.mostEntries + 1
    return entries.prefix(Self.mostEntries - 1)
      + [Entry(name: "… \(NumberText.grouped(rest)) more", colour: Palette.missing, count: nil, mark: .none)]
  }

  private static func blocks(of entries: [Entry], width: Double, measuring text: TextMeasurer) -> [TextBlock] {
    func block(_ name: String, _ entry: Entry?) -> TextBlock {
      TextBlock(
        name, size: nameSize, ink: entry?.mark == Entry.Mark.none ? .soft : .full, maximumWidth: width,
        maximumLines: mostLines + 1)
    }
    let oneLine = text.size(of: TextBlock("X", size: nameSize)).height
    let names = DistinctNames.shortened(entries.map(\.name)) { name in
      text.size(of: block(name, nil)).height < oneLine * (Double(mostLines) + 0.5)
    }
    return zip(names, entries).map { block($0, $1) }
  }

  /// Parts a list into about equally high columns, in order.
  private static func parts(_ heights: [Double], count: Int) -> [Range<Int>] {
    guard count > 1 else { return heights.isEmpty ? [] : [0..<heights.count] }
    // The least height that so many columns can have.
    var (low, high) = (heights.max() ?? 0, heights.reduce(0, +))
    func filled(_ limit: Double) -> [Range<Int>] {
      var parts: [Range<Int>] = []
      var (start, sum) = (0, 0.0)
      for (index, height) in heights.enumerated() {
        if sum + height > limit + 1e-9 {
          parts.append(start..<index)
          (start, sum) = (index, 0)
        }
        sum += height
      }
      return parts + [start..<heights.count]
    }
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if filled(middle).count <= count { high = middle } else { low = middle }
    }
    return filled(high)
  }
}

extension Legend.Entry {
  fileprivate func named(_ name: String) -> Self { Self(name: name, colour: colour, count: count, mark: mark) }
}

extension Legend.Layout: KeyLayout {
  func draw(on canvas: Canvas, x: Double, y: Double) {
    if let title { canvas.draw(title, x: x, y: y) }
    for column in columns {
      for line in column.lines {
        let top = y + titleRoom + line.top
        let left = x + column.left
        let first = canvas.size(of: TextBlock("X", size: Legend.nameSize)).height
        let middle = top + 2.5 + first / 2
        switch line.entry.mark {
        case .point(let shape): canvas.fill(shape, x: left + 5.5, y: middle, diameter: 10, colour: line.entry.colour)
        case .frame:
          canvas.strokeRectangle(
            x: left + 2, y: middle - 4.5, width: 9, height: 9, colour: line.entry.colour, lineWidth: 3)
        case .none: break
        }
        canvas.draw(line.name, x: left + Legend.markRoom, y: top + 2.5)
        if let count = line.count {
          let size = canvas.size(of: count)
          canvas.draw(count, x: left + column.width - size.width, y: middle - size.height / 2)
        }
      }
    }
  }
}
