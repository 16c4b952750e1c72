package import FeatureData

extension RegionsOfInterest {
  /// Columns, whatever their capitals.
  private static let columns = (name: "roi_name", x: "x_base", y: "y_base", label: "label")

  /// Reads slideflow's CSV: a row for each vertex, in level-0 pixels, vertices of a name one after the other.
  ///
  /// - Throws: `SlideError` for a table that holds no regions, or more than can be worked on; `WorkInterrupted`.
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
      var fault: (line: Int, fault: RegionFault)?
    }
    var order: [String] = []
    var outlines: [String: Outline] = [:]
    for row in 0..<table.rowCount {
      let line = table.line(of: row)
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      func coordinate(_ column: Int) throws(RegionFault) -> Double {
        guard let value = table.number(row: row, column: column), abs(value) <= RegionFault.largestCoordinate else {
          throw .coordinate(
            column: table.columns[column], value: table.field(row: row, column: column).withoutOuterBlanks)
        }
        return value
      }
      let name = table.field(row: row, column: nameColumn)
      if outlines[name] == nil {
        guard order.count < Self.maximumRegionCount else {
          throw SlideError.roiTooManyRegions(path: table.path, line: line, limit: Self.maximumRegionCount)
        }
        order.append(name)
        let label = labelColumn.map { table.field(row: row, column: $0) }.flatMap { Annotations.isBlank($0) ? nil : $0 }
        outlines[name] = Outline(label: label, line: line)
      }
      do throws(RegionFault) {
        outlines[name]?.vertices.append(Vertex(x: try coordinate(xColumn), y: try coordinate(yColumn)))
      } catch {
        if outlines[name]?.fault == nil { outlines[name]?.fault = (line, error) }
      }
    }
    var regions: [Region] = []
    var faults: [(name: String, line: Int, fault: RegionFault)] = []
    for name in order {
      guard let outline = outlines[name] else { continue }
      if let (line, fault) = outline.fault ?? RegionFault.of(outline.vertices).map({ (outline.line, $0) }) {
        faults.append((name, line, fault))
      } else {
        regions.append(Region(name: name, label: outline.label, vertices: outline.vertices))
      }
    }
    guard !regions.isEmpty else {
      guard let (name, line, fault) = faults.first else { throw SlideError.roiEmpty(path: table.path, reasons: []) }
      throw SlideError.roiFaulty(path: table.path, name: name, line: line, fault: fault)
    }
    try self.init(regions) { () throws(WorkInterrupted) in try monitor.checkInterrupted() }
    notes = faults.map { .faulty(name: $0.name, line: $0.line, $0.fault) }
  }
}
