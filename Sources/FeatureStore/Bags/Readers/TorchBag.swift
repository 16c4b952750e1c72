import FeatureData
import Files
import Foundation

/// Features in a `.pt` file: a tensor, or tensors by name, perhaps with slideflow's places of tiles beside it.
enum TorchBag: ForeignBagReader {
  static let endings = [".pt"]
  static let rareEndings = [".pth"]
  static let kinds: [BagKind] = [.torch, .slideflow, .clam]

  private static let featureNames = ["features", "feats", "embeddings", "embedding", "feature", "x"]

  /// slideflow's places and what made the bag.
  static func companions(of file: String) -> [String] {
    let folder = (file as NSString).deletingLastPathComponent
    return [
      SlideflowIndex.path(besides: file),
      (folder as NSString).appendingPathComponent(SlideflowConfiguration.fileName),
    ]
  }

  static func read(_ path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag] {
    let archive = try TorchArchive(path: path)
    let held = TorchParts(archive.pickle)
    if let vectors = held.vectors, request.key == nil, request.contents == .features {
      return [try stacked(vectors, archive, path)]
    }
    let found: BagParts
    if let only = held.only {
      guard request.key == nil else { throw .noPart(path: path, name: request.key ?? "", parts: []) }
      guard request.contents == .features else { throw .noScores(path: path, what: "it is one tensor, without places") }
      found = try BagParts([only], of: path, BagRequest(key: only.name), known: featureNames)
    } else {
      guard !held.parts.isEmpty else { throw .unsupported(path: path, what: "it holds \(held.words)") }
      found = try BagParts(held.parts, of: path, request, known: featureNames)
    }
    var quantities: [TileQuantity] = []
    for (part, count) in found.quantities {
      guard let tensor = held.tensor(part) else { continue }
      let values = try archive.numbers(tensor).values.map { Float($0) }
      let rows = found.features?.extent?.rows ?? found.places?.extent?.rows ?? 0
      quantities += BagParts.quantities(part, count: count, rows: rows, values).map {
        TileQuantity(name: $0.name, values: $0.values)
      }
    }
    guard let tensor = found.features.flatMap(held.tensor) else {
      return [try scores(found, held, archive, path, quantities)]
    }
    let features = try archive.matrix(tensor)
    var assumptions = found.remarks
    if try !archive.checksumFits(tensor, features) {
      assumptions.append("The checksum of its numbers does not match: it was written without one, or is damaged.")
    }
    let isSlideLevel = tensor.sizes.count == 1
    let configuration = SlideflowConfiguration(besides: path)
    if let index = try SlideflowIndex.centres(besides: path, rowCount: features.rowCount) {
      return [slideflow(path, features, index, configuration, request, assumptions, quantities)]
    }
    var places = TilePlaces.none
    if let tensor = found.places.flatMap(held.tensor), !isSlideLevel {
      places = try Self.places(archive.numbers(tensor), rowCount: features.rowCount, path, request, &assumptions)
    }
    return [
      ForeignBag(
        slide: ForeignBag.slide(ofFile: path), kind: kind(path, configuration), features: features,
        corners: places.corners, centres: places.centres, tileExtent: places.extent, isSlideLevel: isSlideLevel,
        needsMicronsPerPixel: places.needMicronsPerPixel, quantities: quantities, assumptions: assumptions,
        attributes: configuration?.attributes ?? [:])
    ]
  }

  /// Vectors of tiles one by one, or matrices of some tiles each, as one matrix.
  private static func stacked(
    _ vectors: [TorchPickle.Tensor], _ archive: borrowing TorchArchive, _ path: String
  ) throws(BagError) -> ForeignBag {
    var elements: [Float] = []
    var (rowCount, columnCount) = (0, 0)
    for tensor in vectors {
      let matrix = try archive.matrix(tensor)
      guard elements.count + matrix.elements.count <= ForeignBag.maximumElementCount else {
        throw .tooLarge(path: path, what: "more numbers", limit: "at most \(ForeignBag.maximumElementCount)")
      }
      elements += matrix.elements
      rowCount += matrix.rowCount
      columnCount = matrix.columnCount
    }
    return ForeignBag(
      slide: ForeignBag.slide(ofFile: path), kind: kind(path, nil),
      features: Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements),
      assumptions: [
        "Its list of \(vectors.count) tensors is taken as the tiles in their order, \(rowCount) × \(columnCount), without "
          + "places."
      ])
  }

  private static func scores(
    _ found: BagParts, _ held: TorchParts, _ archive: borrowing TorchArchive, _ path: String,
    _ quantities: [TileQuantity]
  ) throws(BagError) -> ForeignBag {
    guard let part = found.places, let rows = part.extent?.rows, let tensor = held.tensor(part) else {
      throw .noScores(path: path, what: "it has no places of tiles")
    }
    let (_, columnCount, values) = try archive.numbers(tensor)
    let columns = try PlaceColumns(values, shape: [rows, columnCount], rowCount: rows, path: path)
    return ForeignBag(
      slide: ForeignBag.slide(ofFile: path), kind: kind(path, nil), features: Matrix(rowCount: rows, columnCount: 0),
      corners: TilePlaces.locations(columns.values), quantities: quantities,
      assumptions: found.remarks + [columns.remark].compactMap(\.self))
  }

  private static func places(
    _ numbers: (rows: Int, columns: Int, values: [Double]), rowCount: Int, _ path: String, _ request: BagRequest,
    _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    let columns = try PlaceColumns(
      numbers.values, shape: [numbers.rows, numbers.columns], rowCount: rowCount, path: path)
    if let remark = columns.remark { assumptions.append(remark) }
    let stated = columns.side.flatMap(TilePlaces.pixels)
    guard let places = TilePlaces(corners: columns.values, stated: stated, request, &assumptions) else {
      throw .damaged(path: path, what: "its coordinates lie where no slide reaches")
    }
    return places
  }

  private static func slideflow(
    _ path: String, _ features: Matrix, _ centres: [TileLocation], _ configuration: SlideflowConfiguration?,
    _ request: BagRequest, _ assumptions: [String], _ quantities: [TileQuantity]
  ) -> ForeignBag {
    var assumptions = assumptions
    var extent = request.sidePixels
    if let microns = configuration?.tileMicrons {
      // As slideflow cuts them.
      extent = request.micronsPerPixel.flatMap { TilePlaces.pixels((microns / $0).rounded(.down)) }
      if extent != nil {
        extent = TilePlaces.side(stated: extent, request, &assumptions)
      } else {
        assumptions.append(
          "Without microns per pixel, the tile's side of \(number(microns)) um is not known in pixels.")
      }
    }
    let places = TilePlaces(centres: centres, extent: extent)
    return ForeignBag(
      slide: ForeignBag.slide(ofFile: path), kind: .slideflow, features: features, corners: places.corners,
      centres: places.centres, tileExtent: extent,
      needsMicronsPerPixel: configuration?.tileMicrons != nil || request.needsMicronsPerPixel, quantities: quantities,
      assumptions: assumptions, attributes: configuration?.attributes ?? [:])
  }

  private static func kind(_ path: String, _ configuration: SlideflowConfiguration?) -> BagKind {
    if configuration != nil { return .slideflow }
    return path.split(separator: "/").dropLast().last == "pt_files" ? .clam : .torch
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

/// The tensors of a pickle, by the names of the dictionaries and lists that they lie in.
private struct TorchParts {
  private(set) var parts: [BagPart] = []
  private var tensors: [String: TorchPickle.Tensor] = [:]
  /// Of a pickle that is a tensor, or a list of one.
  private(set) var only: BagPart?
  /// Of a list of nothing but tensors of one width.
  private(set) var vectors: [TorchPickle.Tensor]?
  /// What there is instead of tensors: "a list of 3 objects".
  private(set) var words = "an object that is no tensor"

  private static let deepest = 4
  private static let most = 256
  /// Objects that are looked at: those that hold each other many times would have no end.
  private var budget = 10_000

  init(_ pickle: TorchPickle) {
    if case .sequence(let index) = pickle.result {
      let items = pickle.sequences[index]
      words = "a list of \(items.count) objects"
      let own = items.compactMap { value in if case .tensor(let index) = value { pickle.tensors[index] } else { nil } }
      if own.count == items.count, own.count > 1 { vectors = Self.ofOneWidth(own) }
      if own.count == 1 {
        add(own[0], "0", isNamed: false)
        only = parts.first
        return
      }
    }
    gather(pickle.result, "", pickle, depth: 0, isNamed: false)
    if case .tensor = pickle.result { only = parts.first }
  }

  func tensor(_ part: BagPart) -> TorchPickle.Tensor? { tensors[part.name] }

  /// A list of features and coordinates has two widths.
  private static func ofOneWidth(_ tensors: [TorchPickle.Tensor]) -> [TorchPickle.Tensor]? {
    let shapes = tensors.map { BagPart(name: "", shape: $0.sizes, isNumber: true, isFloat: true).significantShape }
    guard let width = shapes.first?.last, width > 4, tensors.allSatisfy({ $0.storage.type.isFloat }),
      shapes.allSatisfy({ (1...2).contains($0.count) && $0.last == width }),
      // Two matrices of as many tiles are two kinds of features.
      tensors.count > 2 || shapes.allSatisfy({ $0.count == 1 || $0[0] == 1 })
    else { return nil }
    return tensors
  }

  private mutating func add(_ tensor: TorchPickle.Tensor, _ name: String, isNamed: Bool) {
    guard parts.count < Self.most else { return }
    let part = BagPart(
      name: name, shape: tensor.sizes, isNumber: true, isFloat: tensor.storage.type.isFloat, isNamed: isNamed)
    parts.append(part)
    tensors[part.name] = tensor
  }

  private mutating func gather(
    _ value: TorchPickle.Value, _ name: String, _ pickle: TorchPickle, depth: Int, isNamed: Bool
  ) {
    guard depth <= Self.deepest, parts.count < Self.most, budget > 0 else { return }
    budget -= 1
    let prefix = name.isEmpty ? "" : name + "/"
    switch value {
    case .tensor(let index): add(pickle.tensors[index], name.isEmpty ? "tensor" : name, isNamed: isNamed)
    case .sequence(let index):
      for (place, item) in pickle.sequences[index].prefix(Self.most).enumerated() {
        gather(item, prefix + "\(place)", pickle, depth: depth + 1, isNamed: false)
      }
    case .dictionary(let index):
      for (key, item) in pickle.dictionaries[index].prefix(Self.most) {
        guard case .text(let word) = key else { continue }
        gather(item, prefix + word, pickle, depth: depth + 1, isNamed: true)
      }
    default: break
    }
  }
}

extension BagKind {
  package static let slideflow = BagKind("slideflow", displayName: "slideflow")
  package static let torch = BagKind("torch", displayName: "PyTorch")
}

extension TorchArchive {
  /// Compares the checksum of the whole storage where the matrix holds it all; PyTorch can be told to write none.
  func checksumFits(_ tensor: TorchPickle.Tensor, _ matrix: Matrix) throws(BagError) -> Bool {
    let entry = try entry(of: tensor)
    guard tensor.storage.type == .float, tensor.offset == 0, isContiguous(tensor),
      matrix.elements.count * 4 == entry.byteCount
    else { return true }
    return matrix.elements.withUnsafeBytes { entry.matches($0) }
  }
}
