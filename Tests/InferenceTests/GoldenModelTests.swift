import FeatureData
import Foundation
import Slides
import GoldenData
import Testing

@testable import Inference

/// The ResNet-18 that slideflow trained, on the tiles that slideflow wrote, against the activations that it computed.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
struct GoldenModelTests {
  private var golden: String { SharedData.golden }

  /// The first storage of a file that torch wrote: a ZIP archive without compression.
  private func torchFloats(_ path: String, count: Int) throws -> [Double] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let name = try #require(data.range(of: Data("/data/0".utf8)))
    let header = try #require(data[..<name.lowerBound].range(of: Data("PK\u{3}\u{4}".utf8), options: .backwards))
    func short(_ offset: Int) -> Int {
      Int(data[header.lowerBound + offset]) + Int(data[header.lowerBound + offset + 1]) << 8
    }
    let start = header.lowerBound + 30 + short(26) + short(28)
    return (0..<count).map { index in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[start + index * 4 + $1]) << UInt32(8 * $1) }
      return Double(Float(bitPattern: bits))
    }
  }

  @Test func `Activations agree with slideflow's within 1e-5 for every tile`() throws {
    let model = try Model.open(golden + "/model_resnet18_hpv.onnx")
    #expect(model.layers.postconv?.name == "postconv")
    #expect(model.layers.heads.map(\.layer.name) == ["/fc/Gemm_output_0"])
    #expect(try model.layers.layer(named: "layer4.1").width == 512)
    let path = golden + "/project/models/00000-HPV_status-rn18-HP0/params.json"
    let choice = try StandardizationChoice.choose(inProject: [ModelParameters.read(path)], model: model)
    #expect(choice.parameters?.outcomeLabels == ["negative", "positive"] && choice.standardization == .torch)

    let pipeline = try InferencePipeline(
      model: model, layers: [try #require(model.layers.postconv)], outputs: model.layers.heads.map(\.layer),
      standardization: choice.standardization, tileSidePixels: 224)
    for slide in ["SYN-00", "SYN-07"] {
      let file = try TFRecordFile(
        path: golden + "/project/tfrecords/224px_112um/\(slide).tfrecords", indexes: TFRecordIndexes(folder: nil))
      let result = try pipeline.run(
        SlideJob(name: slide, tileCount: file.count) { index, pixels in
          let decoder = TileDecoder()
          _ = try file.decodeImage(index, into: pixels, width: 224, height: 224, decoder: decoder)
        })
      #expect(result.failures.isEmpty && result.tiles.count == 60)
      let expected = try torchFloats(golden + "/out/bags/\(slide).pt", count: 60 * 512)
      for row in result.tiles.indices {
        let error = relativeError(result.activations[0].row(row), Array(expected[row * 512..<(row + 1) * 512]))
        #expect(error < 1e-5, "\(slide) tile \(row): \(error)")
      }
    }
  }

  @Test func `The real models at hand show their postconv`() throws {
    let models = (SharedData.folder ?? "") + "/models/"
    let squeezeNet = try Model.open(models + "SqueezeNet_fp16.onnx")
    #expect(squeezeNet.layers.postconv?.name == "fire9/concat_2")
    #expect(squeezeNet.layers.heads.map(\.layer.name) == ["pool10_1"])
    #expect(try Model.open(models + "squeezenet1.1_imagenet_features512.onnx").layers.postconv?.name == "features")
    let histoBlur = try Model.open(models + "HistoBlur_HE_20X.onnx")
    #expect(histoBlur.layers.postconv?.name == "features" && histoBlur.layers.heads.map(\.layer.name) == ["logits"])

    let mobileNet = try Model.open(models + "mobilenet_v1_0.25_224_float.tflite")
    #expect(mobileNet.input.channelOrder == .channelsLast && mobileNet.layers.heads.map(\.width) == [1001])

    for (model, columns) in [(squeezeNet, 512), (histoBlur, 68), (mobileNet, 256)] {
      let pipeline = try InferencePipeline(
        model: model, layers: [try #require(model.layers.postconv)], outputs: model.layers.heads.map(\.layer),
        standardization: .imagenet,
        tileSidePixels: 224)
      let result = try pipeline.run(
        SlideJob(name: "s", tileCount: 3) { index, pixels in
          for place in pixels.indices { pixels[place] = UInt8((place * 7 + index * 31) % 251) }
        })
      #expect(result.activations[0].columnCount == columns)
      #expect(result.activations[0].elements.allSatisfy { $0.isFinite })
      #expect(result.activations[0].row(0) != result.activations[0].row(1))
    }
  }
}
