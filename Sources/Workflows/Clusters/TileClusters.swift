package import FeatureData
import FeatureStore
package import Rendering

/// Tiles of features in clusters.
package struct TileClusters: Sendable {
  package let groups: TileGroups
  /// On which they are shown, or were found; nil without one.
  package let map: FeatureMap?
  package let composition: ClusterComposition
  /// By cluster the tiles nearest to its middle, of as many slides as possible.
  package let exemplars: [[FeatureMap.Point]]
  /// How they were found, and how far they can be trusted, a sentence each.
  package let remarks: [String]
  /// What a reader must know before the clusters are believed.
  package let warnings: [String]
  /// How their figures look.
  package var style = FigureStyle()

  package var features: FeatureSet { groups.features }
  package var names: [String] { groups.names }
  package var caption: String { remarks.joined(separator: " ") }

  /// The features, and each tile's cluster.
  package var identity: String {
    ContentDigest.ofText(
      ([features.identity] + groups.names + groups.numbers.map { $0.map { String($0) }.joined(separator: " ") })
        .joined(separator: "\n"))
  }

  /// The map with its clusters; nil without a map.
  package func mapFigure() throws -> ScatterFigure? {
    guard let map else { return nil }
    return try Reporting.run {
      let colouring = try PointColouring(map: map).colouring(by: .groups(groups, name: groups.label))
      return try ScatterFigure(
        panels: [map.plot(colouring)], footer: ([map.caption] + remarks).joined(separator: " "),
        xLabel: map.axisNames[0], yLabel: map.axisNames[1])
    }
  }

  private static let mostSheetClusters = 12

  /// A row of tiles for each cluster, the nearest to its middle first.
  ///
  /// - Returns: nil where no tile can be shown.
  package func sheet(monitor: any WorkMonitor) throws -> (figure: ContactSheet, failures: [Remark])? {
    let columns = exemplars.map(\.count).max() ?? 0
    guard columns > 0 else { return nil }
    let shown = Array(exemplars.prefix(Self.mostSheetClusters).enumerated())
    let points = shown.flatMap { $1 }
    let provider = FeatureTiles(features)
    let read = try TileReading.images(
      of: points.map { TileChoice.Tile(slide: $0.slide, tile: $0.row) }, from: provider, monitor: monitor)
    if read.allSatisfy({ (try? $0.get()) == nil }) { return nil }
    let failures = zip(points, read).compactMap { point, image -> (name: String, reason: String)? in
      guard case .failure(let error) = image else { return nil }
      return (features.name(of: point), error.sentence)
    }
    var next = 0
    let tiles = shown.flatMap { number, points in
      (0..<columns).map { place -> ContactSheet.Tile in
        guard place < points.count else { return .empty }
        defer { next += 1 }
        let captions = [place == 0 ? "\(groups.label) \(names[number])" : " ", features.name(of: points[place])]
        return ContactSheet.Tile(image: try? read[next].get(), captions: captions)
      }
    }
    let rest = exemplars.count - shown.count
    let footer = [
      "Of each \(groups.label) the tiles nearest to its middle, of as many slides as possible.",
      rest > 0 ? "The first \(shown.count) of \(exemplars.count) are shown." : nil, features.cuttingNote,
    ].compactMap(\.self).joined(separator: " ")
    return (
      ContactSheet(tiles: tiles, columns: columns, tileSide: 104, footer: footer), UnshownTiles.remarks(failures)
    )
  }

  /// The same under other names; those of one name become one cluster.
  package func renamed(_ newNames: [String], monitor: any WorkMonitor) throws -> TileClusters {
    var unique: [String] = []
    let places = newNames.map { name -> Int in
      if let place = unique.firstIndex(of: name) { return place }
      unique.append(name)
      return unique.count - 1
    }
    let joined = TileGroups(
      features: features, label: groups.label, names: unique,
      numbers: groups.numbers.map { $0.map { $0 < 0 ? -1 : Int32(places[Int($0)]) } })
    let merged = unique.enumerated().filter { place, _ in places.count { $0 == place } > 1 }
    let sentences = merged.map { place, name in
      let old = places.indices.filter { places[$0] == place }.map { names[$0] }
      return "\(name) is what was \(old.dropLast().joined(separator: ", ")) and \(old.last ?? "")."
    }
    var result = TileClusters(
      groups: joined, map: map, composition: try ClusterComposition(joined, by: composition.choice, monitor: monitor),
      exemplars: unique.indices.map { place in
        let parts = places.indices.filter { places[$0] == place }.map { exemplars[$0] }
        // Of several that became one, in turn.
        let count = exemplars.map(\.count).max() ?? 0
        return Array(
          (0..<count).flatMap { rank in parts.compactMap { rank < $0.count ? $0[rank] : nil } }.prefix(count))
      }, remarks: remarks + sentences, warnings: warnings)
    result.style = style
    return result
  }
}

extension TileClusters: Tabular {
  package static var fileExtensions: [String] { ["csv", "tsv", "geojson"] }
  package var fillsFolder: Bool { true }

  /// Regions, a class for each cluster, or a row for each tile.
  package func save(_ request: SaveRequest) throws -> [String] {
    guard ["csv", "tsv"].contains(request.fileExtension) else { return try groups.saveRegions(request) }
    return try Reporting.run(parameter: "path") {
      let bytes = try bytes(request)
      try PathResolution.write(bytes, to: request.path)
      return [request.sentence(byteCount: bytes.count)] + remarks(onFileOf: request.fileExtension)
    }
  }

  /// A row for each tile.
  package var table: DataTable {
    let rows = features.slides.enumerated().flatMap { place, slide in
      (0..<slide.tileCount).map { row -> [DataTable.Cell] in
        let number = Int(groups.numbers[place][row])
        let location = slide.stored.locations?[row]
        return [
          .text(slide.name), .integer(slide.records[row]), location.map { .integer($0.x) } ?? .missing,
          location.map { .integer($0.y) } ?? .missing, number < 0 ? .missing : .text(names[number]),
        ]
      }
    }
    return DataTable(
      columns: [
        DataTable.Column("slide"), DataTable.Column("index", .integer), DataTable.Column("location_x", .integer),
        DataTable.Column("location_y", .integer), DataTable.Column(groups.label),
      ], rows: rows)
  }

  package func remarks(onFileOf fileExtension: String) -> [String] {
    ["location_x and location_y are tiles' centres in \(PlaceFrame.ofLocations(in: features))."] + table.formulaRemarks
  }
}
