import Foundation

/// An encoder of histology that many use, and what its card says beyond its architecture.
///
/// Sources: the cards of these models on the hub that their ids are of. Their weights are given out only to those who accept
/// their terms, so what stands here was tried with random weights of the same shapes.
package struct KnownEncoder: Sendable, Hashable {
  /// Of the hub, such as "MahmoodLab/UNI2-h".
  package let id: String
  let architecture: String
  /// Arguments of timm.create_model as JSON.
  let arguments: String
  /// "token", "avg", both, or "own".
  let embedding: String
  /// Of x / 255.
  package let mean: [Double]
  package let deviation: [Double]
  /// Numbers of an embedding.
  package let width: Int
  /// Width and height that tiles are resized to before the middle is cut out; nil where they are not cut.
  package let resized: Int?
  /// Arguments of config.json by which it is told from others of its architecture, as JSON; empty where none does.
  let mark: String
  /// Why it is not read; nil for those that are.
  let refusal: String?

  private static let imagenet = (mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  private init(
    _ id: String, _ architecture: String, _ arguments: String = "{}", embedding: String = "own",
    colours: (mean: [Double], deviation: [Double]) = imagenet, width: Int, resized: Int? = nil, mark: String = "",
    refusal: String? = nil
  ) {
    self.id = id
    self.architecture = architecture
    self.arguments = arguments
    self.embedding = embedding
    mean = colours.mean
    deviation = colours.deviation
    self.width = width
    self.resized = resized
    self.mark = mark
    self.refusal = refusal
  }

  private static let optimus = (mean: [0.707223, 0.578729, 0.703617], deviation: [0.211883, 0.230117, 0.177517])
  private static let lunit = (
    mean: [0.70322989, 0.53606487, 0.66096631], deviation: [0.21716536, 0.26081574, 0.20723464]
  )
  private static let swiglu = "\"mlp_layer\": \"SwiGLUPacked\", \"act_layer\": \"SiLU\""

  package static let all: [KnownEncoder] = [
    KnownEncoder(
      "MahmoodLab/UNI", "vit_large_patch16_224",
      "{\"img_size\": 224, \"patch_size\": 16, \"init_values\": 1e-5, \"num_classes\": 0, \"dynamic_img_size\": false}",
      width: 1024),
    KnownEncoder(
      "MahmoodLab/UNI2-h", "vit_giant_patch14_224",
      "{\"img_size\": 224, \"patch_size\": 14, \"depth\": 24, \"num_heads\": 24, \"init_values\": 1e-5, "
        + "\"embed_dim\": 1536, \"mlp_ratio\": 5.33334, \"num_classes\": 0, \"no_embed_class\": true, \(swiglu), "
        + "\"reg_tokens\": 8}", width: 1536, mark: "{\"reg_tokens\": 8, \"embed_dim\": 1536}"),
    KnownEncoder(
      "paige-ai/Virchow", "vit_huge_patch14_224",
      "{\"img_size\": 224, \"init_values\": 1e-5, \"num_classes\": 0, \"mlp_ratio\": 5.3375, \"global_pool\": \"\", "
        + "\(swiglu)}", embedding: "token+avg", width: 2560, mark: "{\"mlp_ratio\": 5.3375}"),
    KnownEncoder(
      "paige-ai/Virchow2", "vit_huge_patch14_224",
      "{\"img_size\": 224, \"init_values\": 1e-5, \"num_classes\": 0, \"reg_tokens\": 4, \"mlp_ratio\": 5.3375, "
        + "\"global_pool\": \"\", \(swiglu)}", embedding: "token+avg", width: 2560,
      mark: "{\"mlp_ratio\": 5.3375, \"reg_tokens\": 4}"),
    KnownEncoder(
      "prov-gigapath/prov-gigapath", "vit_giant_patch14_dinov2",
      "{\"img_size\": 224, \"patch_size\": 16, \"embed_dim\": 1536, \"depth\": 40, \"num_heads\": 24, "
        + "\"init_values\": 1e-5, \"mlp_ratio\": 5.33334, \"num_classes\": 0}", width: 1536, resized: 256,
      mark: "{\"depth\": 40, \"patch_size\": 16}"),
    KnownEncoder(
      "bioptimus/H-optimus-0", "vit_giant_patch14_reg4_dinov2",
      "{\"img_size\": 224, \"init_values\": 1e-5, \"num_classes\": 0}", colours: optimus, width: 1536,
      mark: "{\"img_size\": 224}"),
    KnownEncoder(
      "bioptimus/H-optimus-1", "vit_giant_patch14_reg4_dinov2",
      "{\"img_size\": 224, \"init_values\": 1e-5, \"num_classes\": 0}", colours: optimus, width: 1536),
    KnownEncoder(
      "1aurent/vit_small_patch16_224.lunit_dino", "vit_small_patch16_224",
      "{\"img_size\": 224, \"num_classes\": 0}", colours: lunit, width: 384),
    KnownEncoder("owkin/phikon", "vit", embedding: "token", width: 768),
    KnownEncoder("owkin/phikon-v2", "dinov2", embedding: "token", width: 1024),
    KnownEncoder(
      "MahmoodLab/CONCH", "", width: 512,
      refusal: "CONCH needs a program of its own, and none that comes with weights is run"),
  ]

  /// By its id, or by the part behind the slash, in letters of any case.
  func isCalled(_ name: String) -> Bool {
    let name = name.lowercased()
    return name == id.lowercased() || name == id.lowercased().split(separator: "/").last.map(String.init)
  }

  /// Whether a folder is called after it, as those are that a hub's program makes.
  func isIn(_ folder: String) -> Bool {
    let folder = URL(fileURLWithPath: folder).standardizedFileURL.path.lowercased() + "/"
    return folder.contains("/models--" + id.lowercased().replacing("/", with: "--") + "/")
      || folder.contains("/" + id.lowercased() + "/")
  }

  /// Whether a configuration can be no other's of these.
  func isMeant(_ architecture: String, _ arguments: [String: Any]) -> Bool {
    guard architecture == self.architecture, !mark.isEmpty else { return false }
    let registers = arguments["reg_tokens"] as? Int
    return Self.object(mark).allSatisfy { key, value in
      "\(arguments[key] ?? "")" == "\(value)"
    } && registers == Self.object(mark)["reg_tokens"] as? Int
  }

  /// Adds what it needs to a recipe.
  func complete(_ fields: inout [String: Any]) {
    fields["embedding"] = embedding
    guard fields["kind"] as? String == "timm" else { return }
    // What a configuration says goes before what is known.
    let given = fields["arguments"] as? [String: Any] ?? [:]
    fields["arguments"] = Self.object(arguments).merging(given) { $1 }
  }

  private static func object(_ json: String) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]) ?? [:]
  }

  /// How a tile's features are made of its tokens: a clause.
  private var embeddingPhrase: String {
    switch embedding {
    case "token+avg": "the class token and the mean over its patches, side by side"
    case "avg": "the mean over its patches"
    default: "the class token"
    }
  }

  /// What is believed of it.
  var remark: String {
    "It is taken for \(id): \(width) features, \(embeddingPhrase), by what its card says"
      + (resized.map { "; tiles are resized to \($0) px, of which the middle is taken" } ?? "")
      + ". With its own weights, which are given out to those who accept its terms, this was not tried here."
  }
}
