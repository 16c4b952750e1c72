package import FeatureData

extension RegionsOfInterest {
  /// Columns, whatever their capitals.
  private static let columns = (name: "roi_name", x: "x_base", y: "y_base", label: "label")

  /// Coordinates beyond this lie on no slide.
  private static let largestCoordinate = 1e8

  /// Reads slideflow's CSV: a row for each vertex, in level-0 pixels, vertices of a name one after the other.
  ///
  /// - Throws: `ProjectError` for a file that is no table, `SlideError` for one that holds no regions, or more than can
  ///   be worked on; `WorkInterrupted`.
  package init(path: String, monitor: any WorkMonitor = SilentMonitor()) throws {
    try self.init(table: CSVTable(path: path), monitor: monitor)
  }

  package init(table: CSVTable, monitor: any WorkMonitor = SilentMonitor()) throws {
    let names = table.columns.map { $0.lowercased() }
    func place(_ name: String, as shown: String) throws(SlideError) -> Int {
      guard let index = names.firstIndex(of: name) else {
        throw .roiColumnMissing(path: table.path, line: 1, name: shown, found: table.columns)
      }
      return index
    }
    let nameColumn = try place(Self.columns.name, as: "ROI_name")
    let xColumn = try place(Self.columns.x, as: "X_base")
    let yColumn = try place(Self.columns.y, as: "Y_base")
    let labelColumn = names.firstIndex(of: Self.columns.label)

    guard table.rowCount <= Self.maximumVertexCount else {
      throw SlideError.roiTooManyVertices(
        path: table.path, line: table.line(of: Self.maximumVertexCount), limit: Self.maximumVertexCount)
    }
    struct Outline {
      let label: String?
      let line: Int
      var vertices: [Vertex] = []
    }
    var order: [String] = []
    var outlines: [String: Outline] = [:]
    for row in 0..<table.rowCount {
      let line = table.line(of: row)
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      func coordinate(_ column: Int) throws(SlideError) -> Double {
        guard let value = table.number(row: row, column: column), abs(value) <= Self.largestCoordinate else {
          throw .roiBadNumber(
            path: table.path, line: line, column: table.columns[column],
            value: table.field(row: row, column: column).withoutOuterBlanks)
        }
        return value
      }
      let name = table.field(row: row, column: nameColumn)
      let vertex = Vertex(x: try coordinate(xColumn), y: try coordinate(yColumn))
      if outlines[name] == nil {
        guard order.count < Self.maximumRegionCount else {
          throw SlideError.roiTooManyRegions(path: table.path, line: line, limit: Self.maximumRegionCount)
        }
        order.append(name)
        let label = labelColumn.map { table.field(row: row, column: $0) }.flatMap { Annotations.isBlank($0) ? nil : $0 }
        outlines[name] = Outline(label: label, line: line)
      }
      outlines[name]?.vertices.append(vertex)
    }
    var regions: [Region] = []
    for name in order {
      guard let outline = outlines[name] else { continue }
      guard outline.vertices.count >= 3 else {
        throw SlideError.roiTooFewVertices(
          path: table.path, name: name, line: outline.line, count: outline.vertices.count)
      }
      regions.append(Region(name: name, label: outline.label, vertices: outline.vertices))
    }
    try self.init(regions) { () throws(WorkInterrupted) in try monitor.checkInterrupted() }
  }
}
