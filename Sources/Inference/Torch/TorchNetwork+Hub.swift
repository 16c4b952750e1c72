import Foundation

/// Encoders as model hubs keep them: a name of timm with a file of weights, or a folder with config.json.
extension TorchNetwork {
  /// What the weights of a hub's folder are called, in the order in which they are looked for.
  private static let weightNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    "pytorch_model.pt", "open_clip_pytorch_model.bin",
  ]

  static func hub(_ name: String, path: String, weights: String?) throws(InferenceError) -> TorchNetwork {
    let encoder = KnownEncoder.all.first { $0.isCalled(name) }
    if let encoder, let why = encoder.refusal {
      throw .torchNetworkRefused(path: path, reason: why, remedy: "Export it to ONNX with its own program.")
    }
    if path.hasPrefix("hf:"), encoder == nil {
      let near = nearestNames(to: name, among: KnownEncoder.all.map(\.id))
      throw .torchNetworkRefused(
        path: path,
        reason: "no encoder of that name is known here"
          + (near.isEmpty ? "" : "; the nearest are \(near.joined(separator: ", "))"),
        remedy: near.first.map { "hf:\($0)" }
          ?? "Give the folder that it was downloaded into, with config.json and its weights.")
    }
    guard let weights else {
      throw .torchNetworkRefused(
        path: path, reason: "nothing says which file holds its weights, and none are fetched from anywhere",
        remedy: "\(path) weights=FILE"
          + (encoder == nil
            ? "" : ", with the file that \(encoder?.id ?? "") gives you, model.safetensors or pytorch_model.bin"))
    }
    guard FileManager.default.fileExists(atPath: weights) else {
      throw .torchNetworkRefused(path: path, reason: "there is no file \(weights)", remedy: nil)
    }
    var fields: [String: Any] = ["kind": "timm", "architecture": encoder?.architecture ?? name, "embedding": "own"]
    if let encoder { encoder.complete(&fields) }
    return TorchNetwork(
      path: path, weights: try files(weights), fields, main: weights, encoder: encoder,
      remarks: encoder.map { [$0.remark] } ?? [])
  }

  static func hub(folder: String) throws(InferenceError) -> TorchNetwork? {
    let path = folder + "/config.json"
    let data = try ParameterReader.content(path)
    guard let config = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw .parametersUnreadable(path: path, reason: "it is not valid JSON")
    }
    guard let weights = weightNames.first(where: { exists(folder, $0) }).map({ folder + "/" + $0 }) else {
      throw .torchNetworkRefused(
        path: folder, reason: "it holds a config.json, and none of \(weightNames.prefix(3).joined(separator: ", "))",
        remedy: "Download the weights into it, from where config.json comes; none are fetched from here.")
    }
    if let architecture = config["architecture"] as? String {
      return try timm(folder, architecture, config, weights: weights)
    }
    guard let type = config["model_type"] as? String else {
      throw .torchNetworkRefused(
        path: folder,
        reason: "its config.json names neither an “architecture” of timm nor a “model_type” of transformers",
        remedy: "Export it to ONNX with its own program.")
    }
    if config["auto_map"] != nil {
      throw .torchNetworkRefused(
        path: folder,
        reason: "it needs a program of its own (“auto_map” in config.json), and none that comes with weights is run",
        remedy: "Export it to ONNX with that program.")
    }
    guard transformersKinds.contains(type) else {
      throw .torchNetworkRefused(
        path: folder,
        reason:
          "it is a \(type) of transformers, and of these are read \(transformersKinds.sorted().joined(separator: ", "))",
        remedy: "Export it to ONNX with its own program.")
    }
    let encoder = KnownEncoder.all.first { $0.isIn(folder) }
    return TorchNetwork(
      path: folder, weights: try files(weights) + [path],
      ["kind": "transformers", "model_type": type, "embedding": encoder?.embedding ?? "token"], main: weights,
      encoder: encoder, remarks: encoder.map { [$0.remark] } ?? [])
  }

  /// Those that give tokens, the first of which is the class token.
  private static let transformersKinds: Set = ["vit", "deit", "dinov2", "dinov2_with_registers"]

  private static func timm(
    _ folder: String, _ architecture: String, _ config: [String: Any], weights: String
  ) throws(InferenceError) -> TorchNetwork {
    var arguments = config["model_args"] as? [String: Any] ?? [:]
    if arguments["num_classes"] == nil, let count = config["num_classes"] as? Int { arguments["num_classes"] = count }
    if arguments["global_pool"] == nil, let pool = config["global_pool"] as? String { arguments["global_pool"] = pool }
    let encoder = KnownEncoder.all.first { $0.isIn(folder) || $0.isMeant(architecture, arguments) }
    if let encoder, let why = encoder.refusal {
      throw .torchNetworkRefused(path: folder, reason: why, remedy: "Export it to ONNX with its own program.")
    }
    var fields: [String: Any] = [
      "kind": "timm", "architecture": architecture, "arguments": arguments, "embedding": "own",
    ]
    var remarks: [String] = []
    if let encoder {
      encoder.complete(&fields)
      remarks.append(encoder.remark)
    } else if (arguments["global_pool"] as? String)?.isEmpty == true {
      fields["embedding"] = "token"
      remarks.append(
        "config.json asks for no pooling, so a tile's features are the class token; layers=[…] pooling= says otherwise."
      )
    }
    return TorchNetwork(
      path: folder, weights: try files(weights), fields, main: weights, encoder: encoder, remarks: remarks)
  }

  /// A file of weights, and those that it names.
  private static func files(_ weights: String) throws(InferenceError) -> [String] {
    guard weights.hasSuffix(".index.json") else { return [weights] }
    let index = try? JSONSerialization.jsonObject(with: try ParameterReader.content(weights)) as? [String: Any]
    guard let map = index?["weight_map"] as? [String: String] else {
      throw .parametersInvalid(path: weights, key: "weight_map", expected: "an object of file names", found: "none")
    }
    let folder = (weights as NSString).deletingLastPathComponent
    return [weights] + Set(map.values).sorted().map { (folder as NSString).appendingPathComponent($0) }
  }
}
