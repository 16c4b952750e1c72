import FeatureData

/// Where tissue lies on a slide: a blob on the tile lattice, divided into connected regions of the four tissues.
struct SlideLayout {
  struct Cell {
    let column: Int
    let row: Int
    let tissue: Tissue
    /// The tissue of the lattice cell next to it, where that is another one.
    let neighbour: Tissue?
  }

  /// Lattice cells along a side of the slide.
  let side: Int
  let cells: [Cell]

  /// - Parameter shares: the wanted share of each tissue, by `Tissue.rawValue`; they need not sum to 1.
  init(tileCount: Int, shares: [Double], random: inout SplitMix64) {
    let side = Int((Double(tileCount) * 1.5).squareRoot()) + 2
    self.side = side
    let inside = Self.outline(side: side, tileCount: tileCount, random: &random)
    let fields = Tissue.allCases.map { _ in
      let broad = Noise.field(side: side, cell: 4.2, random: &random)
      let fine = Noise.field(side: side, cell: 1.7, random: &random)
      return zip(broad, fine).map { Double($0 + 0.25 * $1) }
    }
    let tissues = Self.divide(inside, fields: fields, shares: shares)
    cells = inside.map { index in
      let around = [index - 1, index + 1, index - side, index + side].compactMap { tissues[$0] }
      return Cell(
        column: index % side, row: index / side, tissue: tissues[index] ?? .stroma,
        neighbour: around.first { $0 != tissues[index] })
    }
  }

  /// The lattice cells that hold tissue: those nearest to the middle, by a distance that noise makes uneven.
  private static func outline(side: Int, tileCount: Int, random: inout SplitMix64) -> [Int] {
    let rough = Noise.field(side: side, cell: 5, random: &random)
    let centre = Float(side - 1) / 2
    let slant = Float(0.8 + 0.4 * random.nextUnit())
    let byDistance = (0..<side * side).map { index in
      let dx = (Float(index % side) - centre) * slant
      let dy = (Float(index / side) - centre) / slant
      return (index: index, distance: (dx * dx + dy * dy).squareRoot() + Float(side) * 0.45 * rough[index])
    }.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
    return byDistance.prefix(tileCount).map(\.index).sorted()
  }

  /// Gives each cell the tissue whose field is highest there, with the fields raised until the shares are met.
  private static func divide(_ cells: [Int], fields: [[Double]], shares: [Double]) -> [Int: Tissue] {
    let total = shares.reduce(0, +)
    var bias = [Double](repeating: 0, count: shares.count)
    var tissues: [Int: Tissue] = [:]
    for _ in 0..<60 {
      var counts = [Int](repeating: 0, count: shares.count)
      for cell in cells {
        let tissue = Tissue.allCases.max {
          fields[$0.rawValue][cell] + bias[$0.rawValue] < fields[$1.rawValue][cell] + bias[$1.rawValue]
        }
        tissues[cell] = tissue
        counts[tissue?.rawValue ?? 0] += 1
      }
      for tissue in shares.indices {
        bias[tissue] += 0.15 * (shares[tissue] / total - Double(counts[tissue]) / Double(cells.count))
      }
    }
    return tissues
  }
}
