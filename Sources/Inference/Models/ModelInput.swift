/// The one input of a model: a batch of square RGB tiles.
package struct ModelInput: Sendable, Equatable {
  /// Where the colour channels stand.
  package enum Layout: String, Sendable {
    /// N × 3 × H × W
    case channelsFirst
    /// N × H × W × 3
    case channelsLast
  }

  /// Where the side is known from.
  package enum SideSource: Sendable, Equatable {
    /// It stands in the file, or the network takes any.
    case file
    /// The file leaves it open, and the network has so many positions for patches of that side.
    case positions(count: Int, patchPixels: Int)
    /// The file leaves it open, and of the usual ones the network takes no other.
    case tried
    /// The file leaves it open, and somebody said it.
    case given
  }

  package let name: String
  package let channelOrder: Layout
  /// Width and height of a tile; nil if the model takes any.
  package var sidePixels: Int?
  /// nil if the model takes batches of any size.
  package let declaredBatch: Int?
  /// The element type, such as "f32" or "u8".
  package var elementType = "f32"
  package var sideSource = SideSource.file

  /// Whether the file leaves the side open.
  package var isSideOpen: Bool { sidePixels == nil || sideSource != .file }
  /// Whether the network takes bytes as they are.
  package var takesIntegers: Bool { Self.integerTypes.contains(elementType) }

  fileprivate static let floatTypes: Set = ["f32", "f16", "bf16", "f64"]
  /// Those that hold 0 to 255.
  fileprivate static let integerTypes: Set = ["u8", "i16", "u16", "i32", "u32", "i64", "u64"]

  /// As in "N × 3 × 224 × 224".
  package var shapeText: String {
    let side = sidePixels.map(String.init) ?? "?"
    let batch = declaredBatch.map(String.init) ?? "N"
    return channelOrder == .channelsFirst ? "\(batch) × 3 × \(side) × \(side)" : "\(batch) × \(side) × \(side) × 3"
  }

  /// What tiles it takes, as in "224 × 224 px".
  package var sideText: String {
    guard let sidePixels else { return "tiles of any size" }
    let side = "\(sidePixels) × \(sidePixels) px"
    switch sideSource {
    case .file: return side
    case .positions(let count, let patch):
      return side + ": its file leaves the size open, and it has positions for \(count) patches of \(patch) px"
    case .tried: return side + ": its file leaves the size open, and of the usual ones it takes no other"
    case .given: return side + ": its file leaves the size open"
    }
  }
}

extension ModelInput {
  init(_ graph: Graph, path: String) throws(InferenceError) {
    let inputs = graph.nodes.filter { $0.operation == .input }
    guard let node = inputs.first, inputs.count == 1, let port = node.outputs.first else {
      let names = inputs.map { "“\($0.outputs.first?.names.first ?? $0.name)”" }.joined(separator: ", ")
      throw .inputUnsupported(path: path, found: "it has \(inputs.count) inputs \(names)")
    }
    name = port.names.first ?? node.name
    let text = (port.shape ?? []).map { $0.map(String.init) ?? "?" }.joined(separator: " × ")
    let found = "its input “\(name)” is \(port.type) \(port.shape == nil ? "of any shape" : text)"
    guard Self.floatTypes.union(Self.integerTypes).contains(port.type) else {
      throw .inputUnsupported(
        path: path,
        found: found
          + (port.type == "i8" ? ", quantised numbers of which the file does not say how bytes become them" : ""))
    }
    guard let shape = port.shape, shape.count == 4 else { throw .inputUnsupported(path: path, found: found) }
    elementType = port.type
    let sides: (Int?, Int?)
    if shape[1] == 3 || (shape[1] == nil && shape[3] != 3 && !Self.isFewChannels(shape[3])) {
      channelOrder = .channelsFirst
      sides = (shape[2], shape[3])
    } else if shape[3] == 3 {
      channelOrder = .channelsLast
      sides = (shape[1], shape[2])
    } else {
      let channels = Self.isFewChannels(shape[1]) ? shape[1] : Self.isFewChannels(shape[3]) ? shape[3] : nil
      throw .inputUnsupported(
        path: path, found: found + (channels.map { ", \($0) channel\($0 == 1 ? "" : "s") instead of 3" } ?? ""))
    }
    if let height = sides.0, let width = sides.1, height != width {
      throw .inputUnsupported(path: path, found: found)
    }
    sidePixels = sides.0 ?? sides.1
    declaredBatch = shape[0]
  }

  private static func isFewChannels(_ size: Int?) -> Bool { size.map { $0 < 16 && $0 != 3 } ?? false }

  /// Sides that tiles, and networks, mostly have.
  private static let usualSides = [
    224, 256, 64, 96, 112, 128, 160, 192, 240, 288, 299, 320, 336, 384, 392, 448, 480, 512, 518, 1024,
  ]

  /// With the side that the network takes where its file leaves it open: the one that is given, the one that its positions
  /// are for, or the only one of the usual ones.
  ///
  /// - Throws: `sideFixed`, `sideRefused`.
  func settled(
    _ graph: Graph, engine: any InferenceEngine, path: String, given: Int?
  ) throws(InferenceError) -> ModelInput {
    if let sidePixels {
      if let given, given != sidePixels { throw .sideFixed(path: path, side: sidePixels, given: given) }
      return self
    }
    var settled = self
    let finder = TokenFinder(graph, sidePixels: nil)
    if let given {
      guard try !engine.sides([given], takenBy: path, input: self).isEmpty else {
        throw .sideRefused(path: path, side: given, taken: try Self.sidesTaken(by: path, self, graph, engine: engine))
      }
      (settled.sidePixels, settled.sideSource) = (given, .given)
    } else if let (count, patch) = finder.grid, case let side = count * patch,
      try engine.sides([side, side + patch], takenBy: path, input: self) == [side]
    {
      (settled.sidePixels, settled.sideSource) = (side, .positions(count: count * count, patchPixels: patch))
    } else if try engine.sides(Array(Self.usualSides.prefix(2)), takenBy: path, input: self).count < 2 {
      let taken = try engine.sides(Self.usualSides, takenBy: path, input: self)
      if taken.count == 1 { (settled.sidePixels, settled.sideSource) = (taken[0], .tried) }
    }
    return settled
  }

  /// Sides that a network takes whose file leaves them open: that of its positions, and the usual ones.
  static func sidesTaken(
    by path: String, _ input: ModelInput, _ graph: Graph, engine: any InferenceEngine
  ) throws(InferenceError) -> [Int] {
    let own = TokenFinder(graph, sidePixels: nil).grid.map { [$0.count * $0.patch] } ?? []
    return Array(try engine.sides(own + usualSides.filter { !own.contains($0) }, takenBy: path, input: input).prefix(6))
  }
}
