import FeatureData
import Foundation
import Testing

@testable import Inference

/// Files that model hubs keep beside a model.
@Suite struct ModelPreprocessingTests {
  /// What is found beside a model in a folder with these files.
  private func found(_ files: [String: String], model: String = "m.onnx") throws -> ModelPreprocessing.Found {
    try TestMaterial.withFolder { folder in
      for (name, text) in files {
        let url = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
      return ModelPreprocessing.beside(modelPath: folder + "/" + model)
    }
  }

  private func processor(_ text: String) throws -> ModelPreprocessing? {
    try found(["preprocessor_config.json": text]).preprocessing
  }

  private let vit = #"""
    {"do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406],
     "image_std": [0.229, 0.224, 0.225], "resample": 2, "rescale_factor": 0.00392156862745098,
     "size": {"height": 224, "width": 224}}
    """#

  @Test func `Image processors of Hugging Face rescale, then normalise`() throws {
    let own = try #require(try processor(vit))
    #expect(own.standardization == .imagenet && own.sidePixels == 224 && own.resizing == .standard)
    func identity(_ text: String) throws -> String? { try processor(text)?.standardization?.identity }
    #expect(try identity(#"{"image_mean": [0.5], "image_std": [0.5]}"#) == Standardization.torch.identity)
    #expect(try identity(#"{"do_rescale": true, "do_normalize": false}"#) == Standardization.shares.identity)
    #expect(try identity(#"{"do_rescale": false, "do_normalize": false}"#) == Standardization.none.identity)
    let bytes = try identity(#"{"do_rescale": false, "image_mean": [1, 2, 3], "image_std": [4, 5, 6]}"#)
    #expect(bytes == "mean=1,2,3;scale=4,5,6;channels=rgb")
    let signed = try identity(#"{"rescale_factor": 0.0078431372549, "image_mean": [1, 1, 1], "image_std": [1, 1, 1]}"#)
    #expect(signed?.contains("scale=127.5") == true)
    let turned = try processor(#"{"do_rescale": true, "do_normalize": false, "do_flip_channel_order": true}"#)
    #expect(turned?.standardization == Standardization.shares.with(.bgr))
    #expect(try identity(#"{"feature_extractor_type": "Wav2Vec2FeatureExtractor"}"#) == nil)
  }

  @Test func `Sizes are numbers, edges, or heights and widths; a crop takes the middle`() throws {
    let clip = #"""
      {"image_mean": [0.5], "image_std": [0.5], "resample": 3, "size": {"shortest_edge": 256}, "do_center_crop": true,
       "crop_size": {"height": 224, "width": 224}}
      """#
    let own = try #require(try processor(clip))
    #expect(own.sidePixels == 224 && own.resizing == TileResizing(filter: .bicubic, resizedPixels: 256))
    let old = try #require(try processor(#"{"image_mean": [0.5], "image_std": [0.5], "size": 384, "resample": 1}"#))
    #expect(old.sidePixels == 384 && old.resizing.filter == .bicubic && old.deviation?.contains("lanczos") == true)
    let convnext = #"{"image_mean": [0.5], "image_std": [0.5], "size": {"shortest_edge": 224}, "crop_pct": 0.875}"#
    #expect(try processor(convnext)?.resizing.resizedPixels == 256)
    let uncut = try processor(
      #"{"image_mean": [0.5], "size": {"shortest_edge": 256}, "crop_size": 224, "do_center_crop": false}"#)
    #expect(uncut?.sidePixels == 256 && uncut?.resizing.resizedPixels == nil)
  }

  @Test func `Configurations of timm and open_clip are read, those of transformers say nothing of it`() throws {
    let timm = #"""
      {"architecture": "vit_giant_patch14_dinov2", "pretrained_cfg": {"mean": [0.485, 0.456, 0.406],
       "std": [0.229, 0.224, 0.225], "input_size": [3, 224, 224], "crop_pct": 0.875, "interpolation": "bicubic"}}
      """#
    let own = try #require(try found(["config.json": timm]).preprocessing)
    #expect(own.standardization == .imagenet && own.sidePixels == 224)
    #expect(own.resizing == TileResizing(filter: .bicubic, resizedPixels: 256))
    let clip = #"""
      {"model_cfg": {"vision_cfg": {"image_size": 448}}, "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5]}}
      """#
    let open = try #require(try found(["open_clip_config.json": clip]).preprocessing)
    #expect(open.standardization?.identity == Standardization.torch.identity && open.sidePixels == 448)
    #expect(try found(["config.json": #"{"model_type": "vit", "image_size": 224}"#]).preprocessing == nil)
    // Where a hub keeps the files of an exported model.
    #expect(try found(["preprocessor_config.json": vit], model: "onnx/model.onnx").preprocessing != nil)
    #expect(try found(["preprocessor_config.json": vit], model: "other/model.onnx").preprocessing == nil)
  }

  @Test func `Files that cannot be read or contradict one another are named`() throws {
    for broken in [
      "{", "[]", #"{"image_mean": "red"}"#, #"{"image_mean": [0.5, 0.5], "image_std": [1]}"#,
      #"{"image_mean": [0.5], "image_std": [0]}"#, #"{"image_mean": [0.5], "rescale_factor": 0}"#,
      #"{"image_mean": [0.5], "size": {"height": 224, "width": 196}}"#,
      #"{"image_mean": [0.5], "size": {"shortest_edge": 224}, "crop_pct": 1e-300}"#,
      #"{"image_mean": [0.5], "size": 60000}"#, #"{"image_mean": [0.5], "rescale_factor": 1e-320}"#,
    ] {
      let found = try found(["preprocessor_config.json": broken])
      #expect(found.preprocessing == nil && found.remarks.count == 1, "\(broken)")
      #expect(found.remarks.first?.contains("preprocessor_config.json") == true)
    }
    #expect(try processor(#"{"image_mean": [0.5], "resample": 1e300}"#)?.deviation?.contains("unknown") == true)
    let other = try found([
      "preprocessor_config.json": vit, "config.json": #"{"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}"#,
    ])
    #expect(
      other.preprocessing?.standardization == .imagenet
        && other.remarks.first?.contains("the first is believed") == true)
    let same = try found([
      "preprocessor_config.json": vit,
      "config.json": #"{"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}"#,
    ])
    #expect(same.remarks.isEmpty)
  }

  @Test(arguments: [
    ("bicubic", 16), ("bicubic", 20), ("bicubic", 24), ("bilinear", 16), ("bilinear", 20), ("bilinear", 24),
  ])
  func `Resized and cut tiles give what Pillow's give, but for its rounding`(filter: String, side: Int) throws {
    let model = try Model.open(TestMaterial.model("features_only"))
    let pipeline = try InferencePipeline(
      model: model, layers: [try #require(model.layers.postconv)], outputs: [], standardization: .imagenet,
      resizing: TileResizing(
        filter: try #require(TileResizing.Filter(rawValue: filter)), resizedPixels: side > 16 ? side : nil),
      tileSidePixels: 24)
    let result = try pipeline.run(
      SlideJob(name: "s", tileCount: 1) { _, pixels in TestMaterial.fill(pixels, side: 24) })
    let wanted = try #require(TestMaterial.expected(of: "Transformers")["resized"]?["\(filter) \(side)"])
    // Pillow rounds to bytes after each of its two passes.
    #expect(relativeError(result.activations[0].elements, wanted) < (side == 24 ? 2e-6 : 5e-3))
  }

  @Test func `Only what differs from the standard leaves a trace in keys, and is said`() {
    let cut = TileResizing(filter: .bicubic, resizedPixels: 256)
    #expect(TileResizing.standard.identity(tileSide: 299, networkSide: 224) == nil)
    #expect(TileResizing(filter: .bicubic, resizedPixels: nil).identity(tileSide: 224, networkSide: 224) == nil)
    #expect(cut.identity(tileSide: 299, networkSide: 224) == "filter=bicubic;cut=256")
    #expect(cut.identity(tileSide: 256, networkSide: 224) == "cut=256")
    #expect(
      cut.sentence(tileSide: 256, networkSide: 224) == "Of tiles of 256 px the model takes the 224 px in the middle.")
    #expect(TileResizing.standard.sentence(tileSide: 224, networkSide: 224) == nil)
    #expect(
      TileResizing.standard.sentence(tileSide: 299, networkSide: 224)
        == "Tiles of 299 px are resized to the 224 px that the model takes.")
  }
}
