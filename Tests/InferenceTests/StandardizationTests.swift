import Foundation
import Testing

@testable import Inference

@Suite struct StandardizationTests {
  private func parameters(_ path: String, _ json: String) throws -> ModelParameters {
    try ModelParameters.parse(Data(json.utf8), path: path)
  }

  @Test func `The same numbers have the same identity, however they were given`() throws {
    #expect(try Standardization.explicit(mean: [127.5], scale: [127.5]).identity == Standardization.torch.identity)
    #expect(Standardization.torch.with(.bgr).identity != Standardization.torch.identity)
    #expect(Set([Standardization.torch, .tensorflow, .imagenet, .none].map(\.identity)).count == 4)
    #expect(Standardization.torch.sentence == "x / 127.5 − 1, RGB")
  }

  @Test func `Numbers that cannot be meant are refused`() {
    #expect(throws: InferenceError.self) { try Standardization.explicit(mean: [0], scale: [0]) }
    #expect(throws: InferenceError.self) { try Standardization.explicit(mean: [0], scale: [1e-60]) }
    #expect(throws: InferenceError.self) { try Standardization.explicit(mean: [.nan], scale: [1]) }
    #expect(throws: InferenceError.self) { try Standardization.explicit(mean: [1, 2], scale: [1]) }
  }

  @Test func `Given numbers win, then the named file, the file beside, the only one that fits, then torch's`() throws {
    let model = try Model.open(TestMaterial.model("classifier"))
    let fits = "{\"backend\": \"tensorflow\", \"tile_px\": 16, \"outcome_labels\": {\"0\": \"a\", \"1\": \"b\"}}"
    let named = try parameters("named/params.json", fits)
    let beside = try parameters("beside/params.json", fits)
    let project = try parameters("project/params.json", fits)
    let other = try parameters("other/params.json", "{\"backend\": \"tensorflow\", \"tile_px\": 299}")

    let given = try StandardizationChoice.choose(mean: [1, 2, 3], channels: .bgr, beside: beside, model: model)
    #expect(given.standardization.identity == "mean=1,2,3;scale=1,1,1;channels=bgr")
    #expect(given.parameters == beside && given.reason == "as given")

    let preset = try StandardizationChoice.choose(
      given: Standardization.presets["imagenet"], channels: .bgr, beside: beside, model: model)
    #expect(preset.standardization == Standardization.imagenet.with(.bgr) && preset.parameters == beside)

    let byName = try StandardizationChoice.choose(parameters: named, beside: beside, model: model)
    #expect(byName.parameters == named && byName.standardization == .tensorflow)
    let lying = try StandardizationChoice.choose(beside: beside, inProject: [project], model: model)
    #expect(lying.parameters == beside)
    let only = try StandardizationChoice.choose(beside: other, inProject: [project, other], model: model)
    #expect(only.parameters == project && only.reason.contains("project/params.json"))
    #expect(only.reason.contains("other/params.json"), "what was passed over is said")
    let several = try StandardizationChoice.choose(inProject: [project, named], model: model)
    #expect(several.parameters == nil && several.standardization == .torch && several.reason.contains("2 files"))
    let nothing = try StandardizationChoice.choose(model: model)
    #expect(nothing.standardization == .torch && nothing.parameters == nil)
  }

  @Test func `A named file of another model is an error`() throws {
    let model = try Model.open(TestMaterial.model("classifier"))
    let wrongSize = try parameters("a.json", "{\"tile_px\": 299}")
    let wrongClasses = try parameters("b.json", "{\"outcome_labels\": {\"0\": \"only\"}}")
    for wrong in [wrongSize, wrongClasses] {
      #expect(throws: InferenceError.self) { try StandardizationChoice.choose(parameters: wrong, model: model) }
    }
  }
}
