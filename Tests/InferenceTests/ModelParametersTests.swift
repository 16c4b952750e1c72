import Foundation
import Testing

@testable import Inference

@Suite struct ModelParametersTests {
  private func parse(_ text: String) throws -> ModelParameters {
    try ModelParameters.parse(Data(text.utf8), path: "p/params.json")
  }

  private func invalidKey(_ text: String) -> String? {
    do {
      _ = try parse(text)
    } catch InferenceError.parametersInvalid(_, let key, _, _) {
      return key
    } catch {
      return "another error"
    }
    return nil
  }

  @Test func `What slideflow writes is read`() throws {
    let parameters = try parse(
      """
      {"slideflow_version": "3.0.2", "backend": "torch", "model_name": "HPV", "tile_px": 224, "tile_um": 112,
       "model_type": "classification", "outcomes": ["HPV_status"], "outcome_labels": {"1": "positive", "0": "negative"},
       "hp": {"normalizer": "reinhard_fast", "l1": NaN}, "img_format": "JPG",
       "norm_fit": {"stain_matrix_target": [[1, 2], [3, 4], [5, 6]], "target_concentrations": [[7.5, 8]], "x": null}}
      """)
    #expect(parameters.backend == .torch && parameters.kind == .classification)
    #expect(parameters.tilePixels == 224 && parameters.tileMicrons == .microns(112))
    #expect(parameters.outcomes == ["HPV_status"] && parameters.outcomeLabels == ["negative", "positive"])
    #expect(parameters.normalizer == "reinhard_fast" && parameters.imageFormat == "jpg")
    #expect(
      parameters.normalizerFit == ["stain_matrix_target": [1, 2, 3, 4, 5, 6], "target_concentrations": [7.5, 8]])
  }

  @Test func `Names and forms of older releases are read`() throws {
    let parameters = try parse(
      """
      {"model_type": "linear", "outcome_label_headers": "age", "outcome_labels": null, "tile_um": "10X",
       "hp": {"tile_px": 299}}
      """)
    #expect(parameters.kind == .regression && parameters.outcomes == ["age"] && parameters.outcomeLabels.isEmpty)
    #expect(parameters.tilePixels == 299 && parameters.tileMicrons == .magnification("10x"))
    #expect(parameters.slideflowVersion == nil && parameters.normalizerFit == nil)
    #expect(parameters.imageFormat == nil)
  }

  @Test func `A fit of the time before 1.1 has the names of today`() throws {
    let parameters = try parse("{\"norm_mean\": [8, -1, 2], \"norm_std\": [[1], [2], [3]], \"norm_fit\": null}")
    #expect(parameters.normalizerFit == ["target_means": [8, -1, 2], "target_stds": [1, 2, 3]])
  }

  @Test func `Class names are ordered by number, so that 10 follows 9`() throws {
    let pairs = (0..<12).map { "\"\($0)\": \"class \($0)\"" }.joined(separator: ", ")
    #expect(try parse("{\"outcome_labels\": {\(pairs)}}").outcomeLabels == (0..<12).map { "class \($0)" })
    #expect(try parse("{\"outcome_labels\": {\"HPV\": {\"0\": \"a\", \"1\": \"b\"}}}").outcomeLabels == ["a", "b"])
  }

  @Test func `A value of the wrong kind is an error that names its key`() {
    #expect(invalidKey("{\"tile_px\": \"large\"}") == "tile_px")
    #expect(invalidKey("{\"tile_px\": -3}") == "tile_px")
    #expect(invalidKey("{\"tile_px\": 1e300}") == "tile_px")
    #expect(invalidKey("{\"tile_um\": \"x\"}") == "tile_um")
    #expect(invalidKey("{\"hp\": []}") == "hp")
    #expect(invalidKey("{\"hp\": {\"normalizer\": 3}}") == "hp.normalizer")
    #expect(invalidKey("{\"model_type\": \"survivor\"}") == "model_type")
    #expect(invalidKey("{\"norm_fit\": [1]}") == "norm_fit")
    #expect(invalidKey("{\"norm_fit\": {\"target_means\": [1, \"x\"]}}") == "norm_fit.target_means")
    #expect(invalidKey("{\"norm_std\": [NaN]}") == "norm_std")
    #expect(invalidKey("{\"outcomes\": [1]}") == "outcomes")
    #expect(invalidKey("{\"outcome_labels\": {\"0\": \"a\", \"2\": \"b\"}}") == "outcome_labels")
    #expect(invalidKey("{\"outcome_labels\": {\"00\": \"a\", \"0\": \"b\"}}") == "outcome_labels")
    #expect(invalidKey("{\"outcome_labels\": {\"0\": []}}") == "outcome_labels.0")
  }

  @Test(arguments: ["", "{", "[1]", "nonsense", "{\"a\": 1} trailing", String(repeating: "[", count: 100_000)])
  func `What is no JSON object is refused by the file's name`(text: String) {
    do {
      _ = try parse(text)
      Issue.record("accepted")
    } catch InferenceError.parametersUnreadable(let path, _) {
      #expect(path == "p/params.json")
    } catch {
      Issue.record("another error: \(error)")
    }
  }
}
