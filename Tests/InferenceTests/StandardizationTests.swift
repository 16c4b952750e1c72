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

  @Test func `Mean and scale of x over 255 are refused for bytes, with the numbers times 255`() throws {
    func remedy(_ mean: [Double]?, _ scale: [Double]?, _ range: Standardization.InputRange? = nil) -> String? {
      do throws(InferenceError) {
        _ = try Standardization.explicit(mean: mean, scale: scale, range: range)
        return nil
      } catch { return error.remedy }
    }
    #expect(
      remedy([0.5, 0.4, 0.6], [0.2, 0.25, 0.3]) == "mean=[127.5, 102, 153] scale=[51, 63.75, 76.5]")
    #expect(remedy([0.5], [0.5]) == "mean=127.5 scale=127.5")
    // One of the two is enough; what is left out, or is of bytes already, stays what it means.
    #expect(remedy([0.5], nil) == "mean=127.5 scale=255")
    #expect(remedy(nil, [0.25]) == "scale=63.75")
    #expect(
      remedy([123.7, 116.3, 103.5], [0.229, 0.224, 0.225])
        == "mean=[123.7, 116.3, 103.5] scale=[58.395, 57.12, 57.375]")
    #expect(remedy([0.485], [58.4]) == "mean=123.675 scale=58.4")
    #expect(remedy([-0.5], [1]) == "mean=-127.5 scale=255")
    // Bytes as they are, as caffe's networks take them, from 0 to 1, and whatever somebody insists on.
    for (mean, scale) in [([0.0], [1.0]), ([103.939, 116.779, 123.68], [1]), ([0], [255]), ([127.5], [127.5])] {
      #expect(remedy(mean, scale) == nil)
    }
    #expect(remedy([0.5], [0.5], .bytes) == nil)
    #expect(remedy([127.5], [127.5], .shares) == "range=255")
  }

  @Test func `With range=1 the numbers of a model's card mean what ImageNet's preset means`() throws {
    let card = try Standardization.explicit(
      mean: [0.485, 0.456, 0.406], scale: [0.229, 0.224, 0.225], range: .shares)
    #expect(card.identity == Standardization.imagenet.identity)
    #expect(card.sentence == "(x − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375], x from 0 to 255, RGB")
    let only = try Standardization.explicit(mean: nil, scale: nil, range: .shares)
    #expect(only.identity == (try Standardization.explicit(mean: [0], scale: [255])).identity)
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
