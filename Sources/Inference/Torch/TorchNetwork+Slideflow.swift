import Foundation

/// Models that slideflow trained with torch: a folder with params.json, and a .zip of weights for each epoch that was kept.
extension TorchNetwork {
  static func slideflow(folder: String) throws(InferenceError) -> TorchNetwork? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted(by: inOrder)
    let zips = names.filter { ($0 as NSString).pathExtension.lowercased() == "zip" }
    if zips.count > 1 { throw several(folder, zips) }
    if let zip = zips.first { return try slideflow(zip: folder + "/" + zip, named: folder) }
    // A SavedModel inside is found before.
    throw .torchNetworkRefused(
      path: folder,
      reason: "it holds a params.json of slideflow and no trained model beside it: neither a .zip (torch) nor a folder "
        + "with \(ModelFormat.savedModelFile) (TensorFlow)", remedy: nil)
  }

  static func slideflow(zip: String, named path: String? = nil) throws(InferenceError) -> TorchNetwork? {
    let folder = (zip as NSString).deletingLastPathComponent
    guard exists(folder.isEmpty ? "." : folder, "params.json") else { return nil }
    let parameters = try ModelParameters.read((folder as NSString).appendingPathComponent("params.json"))
    let path = path ?? zip
    func refused(_ reason: String, _ remedy: String? = nil) -> InferenceError {
      .torchNetworkRefused(path: path, reason: reason, remedy: remedy)
    }
    if parameters.kind == .survival {
      throw refused("it was trained on survival (\(parameters.path) says so), and such models are not read here")
    }
    guard let network = parameters.network else {
      throw refused("\(parameters.path) does not say its architecture, “hp.model”")
    }
    guard network.inputFeatures.isEmpty else {
      throw refused(
        "it takes clinical inputs besides the tile (\(network.inputFeatures.joined(separator: ", "))), which no feature "
          + "of a tile can be computed without", "Train a model on tiles alone.")
    }
    guard !network.dropsImages else { throw refused("it takes clinical inputs alone, and no tiles") }
    guard let side = parameters.tilePixels else { throw refused("\(parameters.path) does not say “tile_px”") }
    for (key, value, limit) in [
      ("tile_px", side, 4096), ("hp.hidden_layers", network.hiddenLayerCount, 50),
      ("hp.hidden_layer_width", network.hiddenLayerWidth, 65_536),
    ] where value > limit {
      throw .parametersInvalid(path: parameters.path, key: key, expected: "at most \(limit)", found: "\(value)")
    }
    let heads = heads(parameters)
    guard !heads.isEmpty else { throw refused("\(parameters.path) names no outcomes") }
    let fields: [String: Any] = [
      "kind": "slideflow", "architecture": network.architecture, "include_top": network.includesTop,
      "hidden_layers": [Int](repeating: network.hiddenLayerWidth, count: network.hiddenLayerCount),
      "dropout": network.dropout, "tile_px": side,
      "outcome": parameters.kind == .regression ? "numbers" : "classes",
      "heads": heads.map { ["name": $0.name, "width": $0.width] as [String: Any] },
    ]
    let isTimm = network.architecture.hasPrefix("timm_")
    return TorchNetwork(
      path: path, weights: [zip], fields, main: zip,
      remarks: isTimm
        ? [
          "Of networks of timm slideflow gives no postconv; taken is the vector that the network's own classifier reads."
        ]
        : [])
  }

  /// One of all numbers, or one for each outcome with classes.
  private static func heads(_ parameters: ModelParameters) -> [(name: String, width: Int)] {
    if !parameters.labelsByOutcome.isEmpty {
      // In the order in which they were learned.
      return parameters.outcomes.compactMap { outcome in
        parameters.labelsByOutcome[outcome].map { ("logits_" + outcome, $0.count) }
      }
    }
    let width = parameters.outcomeLabels.count
    if parameters.kind == .regression, width == 0 { return [("logits", parameters.outcomes.count)] }
    return width == 0 ? [] : [("logits", width)]
  }
}
