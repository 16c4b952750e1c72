import FeatureData
import Files
import Foundation

/// Features in a `.pt` file: a tensor, or tensors by name, perhaps with slideflow's places of tiles beside it.
enum TorchBag: ForeignBagReader {
  static let endings = [".pt"]
  static let rareEndings = [".pth"]
  static let kinds: [BagKind] = [.torch, .slideflow, .clam]

  private static let featureNames = ["features", "feats", "embeddings", "embedding", "feature", "x"]
  private static let placeNames = ["coords", "coordinates", "locations", "location"]

  /// slideflow's places and what made the bag.
  static func companions(of file: String) -> [String] {
    let folder = (file as NSString).deletingLastPathComponent
    return [
      SlideflowIndex.path(besides: file),
      (folder as NSString).appendingPathComponent(SlideflowConfiguration.fileName),
    ]
  }

  static func read(_ path: String, micronsPerPixel: Double?) throws(BagError) -> [ForeignBag] {
    let archive = try TorchArchive(path: path)
    let (tensor, places, parts) = find(in: archive.pickle)
    guard let tensor else { throw .noFeatures(path: path, parts: parts) }
    let features = try archive.matrix(tensor)
    var assumptions: [String] = []
    if try !archive.checksumFits(tensor, features) {
      assumptions.append("The checksum of its numbers does not match: it was written without one, or is damaged.")
    }
    let isSlideLevel = tensor.sizes.count == 1
    let configuration = SlideflowConfiguration(besides: path)
    if let index = try SlideflowIndex.centres(besides: path, rowCount: features.rowCount) {
      return [slideflow(path, features, index, configuration, micronsPerPixel, assumptions)]
    }
    var found = TilePlaces.none
    if let places, !isSlideLevel {
      let (rows, columns, values) = try archive.numbers(places)
      guard rows == features.rowCount, columns == 2, let corners = TilePlaces.locations(values) else {
        throw .damaged(
          path: path, what: "it has \(features.rowCount) rows of features and coordinates of \(rows) × \(columns)")
      }
      found = guess(corners: corners, values, &assumptions)
    }
    return [
      ForeignBag(
        slide: ForeignBag.slide(ofFile: path), kind: kind(path, configuration), features: features,
        corners: found.corners, centres: found.centres, tileExtent: found.extent, isSlideLevel: isSlideLevel,
        assumptions: assumptions, attributes: configuration?.attributes ?? [:])
    ]
  }

  /// Corners of tiles whose size is taken from the distance of neighbours.
  static func guess(corners: [TileLocation], _ values: [Double], _ assumptions: inout [String]) -> TilePlaces {
    let extent = TilePlaces.latticeStep(values).flatMap(TilePlaces.pixels)
    assumptions.append("Coordinates are taken as top-left corners of tiles in level-0 pixels.")
    if let extent {
      assumptions.append("The tile's side is taken from the distance of neighbours: \(extent) level-0 pixels.")
    }
    return TilePlaces(corners: corners, extent: extent)
  }

  private static func slideflow(
    _ path: String, _ features: Matrix, _ centres: [TileLocation], _ configuration: SlideflowConfiguration?,
    _ micronsPerPixel: Double?, _ assumptions: [String]
  ) -> ForeignBag {
    var assumptions = assumptions
    var extent: Int?
    if let microns = configuration?.tileMicrons {
      // As slideflow cuts them.
      extent = micronsPerPixel.flatMap { TilePlaces.pixels((microns / $0).rounded(.down)) }
      if extent == nil {
        assumptions.append(
          "Without microns per pixel, the tile's side of \(number(microns)) um is not known in pixels.")
      }
    }
    let places = TilePlaces(centres: centres, extent: extent)
    return ForeignBag(
      slide: ForeignBag.slide(ofFile: path), kind: .slideflow, features: features, corners: places.corners,
      centres: places.centres, tileExtent: extent, needsMicronsPerPixel: configuration?.tileMicrons != nil,
      assumptions: assumptions, attributes: configuration?.attributes ?? [:])
  }

  private static func kind(_ path: String, _ configuration: SlideflowConfiguration?) -> BagKind {
    if configuration != nil { return .slideflow }
    return path.split(separator: "/").dropLast().last == "pt_files" ? .clam : .torch
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  // MARK: What the pickle holds

  private static func find(
    in pickle: TorchPickle
  ) -> (features: TorchPickle.Tensor?, places: TorchPickle.Tensor?, parts: [String]) {
    switch pickle.result {
    case .tensor(let index): return (pickle.tensors[index], nil, [])
    case .sequence(let index):
      let tensors = pickle.sequences[index].compactMap { tensor($0, pickle) }
      return (tensors.count == 1 ? tensors[0] : nil, nil, ["a list of \(pickle.sequences[index].count) objects"])
    case .dictionary(let index): return find(named: pickle.dictionaries[index], pickle)
    default: return (nil, nil, ["an object that is no tensor"])
    }
  }

  private static func find(
    named entries: [(key: TorchPickle.Value, value: TorchPickle.Value)], _ pickle: TorchPickle
  ) -> (features: TorchPickle.Tensor?, places: TorchPickle.Tensor?, parts: [String]) {
    var named: [String: TorchPickle.Tensor] = [:]
    var parts: [String] = []
    for (key, value) in entries {
      guard case .text(let name) = key else { continue }
      parts.append(name)
      if let tensor = tensor(value, pickle) { named[name.lowercased()] = tensor }
    }
    let places = placeNames.lazy.compactMap { named[$0] }.first
    if let features = featureNames.lazy.compactMap({ named[$0] }).first { return (features, places, parts) }
    let others = named.filter { !placeNames.contains($0.key) && $0.value.storage.type.isFloat }
    return (others.count == 1 ? others.first?.value : nil, places, parts)
  }

  private static func tensor(_ value: TorchPickle.Value, _ pickle: TorchPickle) -> TorchPickle.Tensor? {
    if case .tensor(let index) = value { pickle.tensors[index] } else { nil }
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
