import Foundation
import Inference
import Testing
import Workflows

@testable import Commands

/// Whether this processor computes in eight bits.
private let hasEightBits = (try? InferenceEngines.all.first?.check(.int8)) != nil
private let reason: Comment = "this processor has no instructions for products of bytes"

@Suite("The precision of a network in a cell")
struct EightBitCommandTests {
  private let study: SmallStudy

  init() throws { study = try SmallStudy() }

  private func run(_ cell: String) -> Shown { study.run("project '\(study.folder)'\n\(cell)") }

  @Test(
    "precision=int8 of a model with outcomes is answered with the line that runs", .enabled(if: hasEightBits, reason))
  func logits() throws {
    let failure = try #require(run("df = features models/small.onnx precision=int8").failure)
    #expect(failure.contains("instead: precision=int8 include_logits=false"))
    let shown = run("df = features models/small.onnx precision=int8 include_logits=false")
    #expect(shown.failure == nil && shown.text.contains("72 tiles × 12 features"))
    #expect(
      shown.text.contains("int8: calibrated on 41 tissue tiles of 6 slides; cosine with f32 on 31 other tiles 0."))
    #expect(shown.text.contains("for maps, not for parity"))
  }

  @Test(
    "too few tiles for int8, or pictures, are answered with a precision that runs", .enabled(if: hasEightBits, reason))
  func fewTiles() throws {
    let few = "df = features models/small.onnx max_tiles=2 include_logits=false precision="
    #expect(try #require(run(few + "int8").failure).contains("instead: precision=bf16"))
    #expect(run(few + "bf16").failure == nil)
    let batch = "batch models/small.onnx images=S-0:0..<4 include_logits=false precision="
    #expect(try #require(run(batch + "int8").failure).contains("instead: precision=f32"))
    #expect(run(batch + "f32").failure == nil)
  }

  @Test("fp16 is refused on the processor, with what runs there")
  func half() throws {
    let failure = try #require(run("df = features models/small.onnx precision=fp16").failure)
    #expect(failure.contains("fp16") && failure.contains("instead: precision=bf16"))
    #expect(run("df = features models/small.onnx precision=bf16").failure == nil)
  }
}
