import ChannelMeans
import FeatureData
import Foundation
import Testing

@testable import Inference
@testable import OpenVINOEngine

@Suite("Networks in eight bits")
struct CalibrationTests {
  private static let hasEightBits = ProcessorFlags.ofThisProcessor.hasEightBitProducts
  private static let reason: Comment = "this processor has no instructions for products of bytes"

  private func model(_ name: String, _ engine: OpenVINOEngine = OpenVINOEngine()) throws -> Model {
    try Model.open(TestMaterial.model(name), engines: [engine])
  }

  private func job(_ range: Range<Int>) -> SlideJob {
    SlideJob(name: "s", tileCount: range.count) { index, pixels in
      TestMaterial.fill(pixels, shift: 5 * (range.lowerBound + index))
    }
  }

  private func calibration(_ model: Model, _ layers: [Layer], tiles: Range<Int> = 0..<24) throws -> Calibration {
    try InferencePipeline.calibrate(
      model, layers: layers, standardization: .torch, tileSidePixels: TestMaterial.side, tiles: job(tiles),
      digest: { "\($0.hashValue)" })
  }

  private func pipeline(
    _ model: Model, _ layers: [Layer], _ precision: InferenceSettings.Precision, _ calibration: Calibration? = nil
  ) throws -> InferencePipeline {
    var settings = InferenceSettings(precision: precision)
    settings.calibration = calibration
    return try InferencePipeline(
      model: model, layers: layers, outputs: [], standardization: .torch, tileSidePixels: TestMaterial.side,
      settings: settings)
  }

  private func cosines(_ one: Matrix, _ other: Matrix) -> [Double] {
    (0..<one.rowCount).map { row in
      func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let (a, b) = (one.row(row), other.row(row))
      return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }
  }

  @Test(
    "every kind of layer is computed in eight bits, and features stay what they are",
    .enabled(if: hasEightBits, reason),
    arguments: [("EightBits/kinds", 4), ("classifier", 2), ("hidden_layers", 2), ("fixed_batch", 2)])
  func kinds(name: String, layerCount: Int) throws {
    let model = try model(name)
    let layers = [try #require(model.layers.postconv)]
    let found = try calibration(model, layers)
    #expect(found.tileCount == 24 && found.lows.count == found.highs.count && found.lows.count >= layerCount)
    #expect(zip(found.lows, found.highs).allSatisfy { $0 <= $1 } && found.means.allSatisfy(\.isFinite))
    let eightBits = try pipeline(model, layers, .int8, found)
    #expect(eightBits.record.contains("precision=int8, calibrated on 24 tiles (\(layerCount) layers; others "))
    let exact = try pipeline(model, layers, .f32).run(job(30..<70)).activations[0]
    let rounded = try eightBits.run(job(30..<70)).activations[0]
    let found2 = cosines(exact, rounded)
    #expect(exact != rounded)
    #expect(found2.reduce(0, +) / 40 > 0.999 && (found2.min() ?? 0) > 0.998)
  }

  @Test("ranges are the least and the largest value of a tensor over all tiles", .enabled(if: hasEightBits, reason))
  func ranges() throws {
    let model = try model("classifier")
    let layer = try model.layers.layer(named: "layer1").pooled(by: Layer.Pooling.none)
    let found = try calibration(model, [try #require(model.layers.postconv)])
    let values = try pipeline(model, [layer], .f32).run(job(0..<24)).activations[0].elements
    // The first tensor is the input, the second what the first convolution gives to the second.
    #expect(abs(found.highs[1] - (values.max() ?? 0)) < 1e-5 && abs(found.lows[1] - (values.min() ?? 0)) < 1e-5)
    #expect(found.highs[0] < 1.001 && found.lows[0] > -1.001)
    let mean = values.enumerated().filter { $0.offset / 256 % 8 == 0 }.map(\.element)
    #expect(abs(found.means[3] - mean.reduce(0, +) / Float(mean.count)) < 1e-5)
    #expect(try calibration(model, [try #require(model.layers.postconv)]) == found)
    #expect(try calibration(model, [try #require(model.layers.postconv)], tiles: 0..<16).identity != found.identity)
  }

  @Test("tensors of very uneven channels lose the small ones, which cosines show", .enabled(if: hasEightBits, reason))
  func uneven() throws {
    let model = try model("EightBits/uneven")
    let layers = [try #require(model.layers.postconv)]
    let exact = try pipeline(model, layers, .f32).run(job(30..<50)).activations[0]
    let rounded = try pipeline(model, layers, .int8, try calibration(model, layers)).run(job(30..<50)).activations[0]
    #expect(cosines(exact, rounded).reduce(0, +) / 20 < 0.98)
  }

  @Test("a result does not depend on the number of streams", .enabled(if: hasEightBits, reason))
  func streams() throws {
    let model = try model("EightBits/kinds")
    let layers = [try #require(model.layers.postconv)]
    let found = try calibration(model, layers)
    let results = try [1, 2, 5].map { streams in
      var settings = InferenceSettings(precision: .int8, streams: streams)
      settings.calibration = found
      return try InferencePipeline(
        model: model, layers: layers, outputs: [], standardization: .torch, tileSidePixels: TestMaterial.side,
        settings: settings
      ).run(job(0..<21)).activations[0]
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test("ranges of another network are refused, and a network without any", .enabled(if: hasEightBits, reason))
  func foreignRanges() throws {
    let model = try model("classifier")
    let layers = [try #require(model.layers.postconv)]
    let others = try self.model("EightBits/kinds")
    func failure(_ reason: String) -> InferenceError {
      .compilationFailed(path: model.path, engine: "OpenVINO", reason: reason)
    }
    #expect(throws: failure("the ranges are those of another network")) {
      try pipeline(model, layers, .int8, try calibration(others, [try #require(others.layers.postconv)]))
    }
    #expect(throws: failure("it was not calibrated for eight bits")) { try pipeline(model, layers, .int8) }
  }

  @Test("a processor without instructions for products of bytes is refused, before anything is computed")
  func processors() throws {
    let flags = ["avx512f avx512_vnni", "avx2 avx_vnni", "amx_int8 amx_bf16"]
    #expect(flags.allSatisfy { ProcessorFlags($0).hasEightBitProducts })
    let old = ProcessorFlags("fpu sse4_2 avx2 avx512f avx512bw avx512_bf16")
    #expect(!old.hasEightBitProducts && old.hasBrainFloats && !ProcessorFlags("").hasBrainFloats)
    let model = try model("classifier", OpenVINOEngine(processor: old))
    let layers = [try #require(model.layers.postconv)]
    let missing = InferenceError.precisionUnavailable(.noEightBitProducts)
    #expect(missing.remedy == "precision=f32" && missing.parameter == "precision" && missing.message.contains("VNNI"))
    #expect(throws: missing) { try model.engine.check(.int8) }
    #expect(throws: missing) { try pipeline(model, layers, .int8) }
    #expect(throws: missing) { try calibration(model, layers) }
    #expect(throws: Never.self) { try model.engine.check(.bf16) }
  }

  @Test("an engine that does not know a precision says so")
  func engines() throws {
    let half = InferenceError.precisionUnavailable(.unknown(engine: "OpenVINO", .fp16))
    #expect(throws: half) { try OpenVINOEngine().check(.fp16) }
    #expect(half.remedy == "precision=bf16")
    let other = ChannelMeansEngine()
    #expect(throws: InferenceError.precisionUnavailable(.unknown(engine: "Channel means", .int8))) {
      try other.check(.int8)
    }
    #expect(throws: Never.self) { try other.check(.f32) }
  }

  @Test("ranges are a part of what names a result, and leave no trace where there are none")
  func identity() {
    var settings = InferenceSettings(precision: .int8)
    let matrix = Matrix(rowCount: 1, columnCount: 1, elements: [1])
    settings.calibration = Calibration(lows: matrix, highs: matrix, means: matrix, digest: { _ in "digest" })
    #expect(settings.identity == "precision=int8;batch=8;ranges=digest")
    #expect(InferenceSettings().identity == "precision=f32;batch=8")
  }
}
