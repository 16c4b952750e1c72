import FeatureData
import Foundation
import Testing

@testable import Inference

/// Which paths name networks of torch, and what a program in Python is told of them.
@Suite struct TorchNetworkTests {
  private func parameters(_ changes: [String: Any] = [:], hp: [String: Any] = [:]) throws -> Data {
    let own: [String: Any] = [
      "model": "resnet18", "tile_px": 64, "hidden_layers": 2, "hidden_layer_width": 16, "dropout": 0.25,
      "include_top": false,
    ]
    let all: [String: Any] = [
      "backend": "torch", "tile_px": 64, "tile_um": 112, "model_type": "classification", "outcomes": ["msi"],
      "outcome_labels": ["0": "low", "1": "high"], "hp": own.merging(hp) { $1 },
    ]
    return try JSONSerialization.data(withJSONObject: all.merging(changes) { $1 })
  }

  private func write(_ files: [String: Data], in folder: String) throws {
    for (name, data) in files {
      let url = URL(fileURLWithPath: folder + "/" + name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
  }

  private func recipe(_ network: TorchNetwork?) throws -> [String: Any] {
    let text = try #require(network).recipe
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aSlideflowFolderTellsItsNetwork() throws {
    try TestMaterial.withFolder { folder in
      try write(["params.json": parameters(), "msi_epoch1.zip": Data("PK".utf8)], in: folder)
      let network = try TorchNetwork.find(folder)
      let recipe = try recipe(network)
      #expect(network?.weights == [folder + "/msi_epoch1.zip"])
      #expect(recipe["architecture"] as? String == "resnet18")
      #expect(recipe["hidden_layers"] as? [Int] == [16, 16])
      #expect(recipe["dropout"] as? Double == 0.25)
      #expect(recipe["include_top"] as? Bool == false)
      #expect(recipe["outcome"] as? String == "classes")
      let heads = try #require(recipe["heads"] as? [[String: Any]])
      #expect(heads.map { $0["width"] as? Int } == [2])
      // By its file it is the same network.
      #expect(try TorchNetwork.find(folder + "/msi_epoch1.zip")?.identity == network?.identity)
    }
  }

  @Test func headsFollowTheOrderInWhichOutcomesWereLearned() throws {
    try TestMaterial.withFolder { folder in
      let labels: [String: Any] = ["site": ["0": "A", "1": "B", "2": "C"], "msi": ["0": "low", "1": "high"]]
      try write(
        [
          "params.json": parameters(["outcomes": ["site", "msi"], "outcome_labels": labels]), "x.zip": Data("PK".utf8),
        ], in: folder)
      let heads = try #require(try recipe(TorchNetwork.find(folder))["heads"] as? [[String: Any]])
      #expect(heads.map { $0["name"] as? String } == ["logits_site", "logits_msi"])
      #expect(heads.map { $0["width"] as? Int } == [3, 2])
    }
  }

  @Test func aRegressionOfSeveralColumnsIsOneHeadOfNumbers() throws {
    try TestMaterial.withFolder { folder in
      try write(
        [
          "params.json": parameters([
            "model_type": "regression", "outcomes": ["age", "size"], "outcome_labels": ["0": "age", "1": "size"],
          ]), "x.zip": Data("PK".utf8),
        ], in: folder)
      let recipe = try recipe(TorchNetwork.find(folder))
      #expect(recipe["outcome"] as? String == "numbers")
      #expect((recipe["heads"] as? [[String: Any]])?.map { $0["width"] as? Int } == [2])
    }
  }

  @Test(
    arguments: [
      ("a survival model", ["model_type": "survival"], [:], "survival"),
      ("clinical inputs", ["input_features": ["age", "sex"]], [:], "age, sex"),
      ("no tiles", [:], ["drop_images": true], "no tiles"),
    ] as [(String, [String: any Sendable], [String: any Sendable], String)])
  func otherKindsAreRefusedByName(
    kind: String, changes: [String: any Sendable], hp: [String: any Sendable], words: String
  ) throws {
    try TestMaterial.withFolder { folder in
      try write(["params.json": parameters(changes, hp: hp), "x.zip": Data("PK".utf8)], in: folder)
      let error = #expect(throws: InferenceError.self) { try TorchNetwork.find(folder) }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test func ofSeveralModelsOneHasToBeNamed() throws {
    try TestMaterial.withFolder { folder in
      try write(
        ["params.json": parameters(), "a_epoch3.zip": Data("PK".utf8), "a_epoch12.zip": Data("PK".utf8)], in: folder)
      let error = #expect(throws: InferenceError.self) { try TorchNetwork.find(folder) }
      #expect(error?.message.contains("a_epoch3.zip, a_epoch12.zip") == true)
      #expect(error?.remedy == folder + "/a_epoch12.zip")
    }
  }

  @Test func aFolderOfParametersAloneAndABagModelAreRefused() throws {
    try TestMaterial.withFolder { folder in
      try write(["params.json": parameters()], in: folder)
      let none = #expect(throws: InferenceError.self) { try TorchNetwork.find(folder) }
      #expect(none?.message.contains("no trained model") == true)
    }
    try TestMaterial.withFolder { folder in
      try write(["mil_params.json": Data("{}".utf8)], in: folder)
      let bags = #expect(throws: InferenceError.self) { try TorchNetwork.find(folder) }
      #expect(bags?.message.contains("bags of features") == true)
    }
  }

  @Test func aSavedModelInsideASlideflowFolderIsFound() throws {
    try TestMaterial.withFolder { folder in
      try write(["params.json": parameters(), "msi_epoch1/saved_model.pb": Data([1])], in: folder)
      #expect(try TorchNetwork.withSavedModel(folder) == folder + "/msi_epoch1")
      #expect(try TorchNetwork.find(folder + "/msi_epoch1") == nil)
      try write(["msi_epoch2/saved_model.pb": Data([1])], in: folder)
      #expect(throws: InferenceError.self) { try TorchNetwork.withSavedModel(folder) }
    }
  }

  @Test func weightsOfANameAreAskedForAndNeverFetched() throws {
    let error = #expect(throws: InferenceError.self) { try TorchNetwork.find("timm:vit_small_patch16_224") }
    #expect(error?.remedy?.contains("weights=FILE") == true)
    let gated = #expect(throws: InferenceError.self) { try TorchNetwork.find("hf:MahmoodLab/UNI2-h") }
    #expect(gated?.remedy?.contains("MahmoodLab/UNI2-h") == true)
    let unknown = #expect(throws: InferenceError.self) { try TorchNetwork.find("hf:MahmoodLab/UNO") }
    #expect(unknown?.message.contains("MahmoodLab/UNI") == true)
    let conch = #expect(throws: InferenceError.self) { try TorchNetwork.find("hf:MahmoodLab/CONCH") }
    #expect(conch?.message.contains("program of its own") == true)
  }

  @Test func anEncoderIsKnownByItsNameItsFolderAndItsConfiguration() throws {
    try TestMaterial.withFile(Data("w".utf8), named: "uni.safetensors") { weights in
      let uni = try TorchNetwork.find("hf:mahmoodlab/uni2-h", weights: weights)
      #expect(uni?.encoder?.id == "MahmoodLab/UNI2-h")
      let arguments = try #require(try recipe(uni)["arguments"] as? [String: Any])
      #expect(arguments["reg_tokens"] as? Int == 8)
    }
    // Virchow2's configuration leaves out what its card adds.
    let config: [String: Any] = [
      "architecture": "vit_huge_patch14_224",
      "model_args": ["mlp_ratio": 5.3375, "reg_tokens": 4, "global_pool": "", "num_classes": 0] as [String: Any],
    ]
    try TestMaterial.withFolder { folder in
      try write(
        ["config.json": JSONSerialization.data(withJSONObject: config), "model.safetensors": Data("w".utf8)], in: folder
      )
      let network = try TorchNetwork.find(folder)
      #expect(network?.encoder?.id == "paige-ai/Virchow2")
      let recipe = try recipe(network)
      #expect(recipe["embedding"] as? String == "token+avg")
      #expect((recipe["arguments"] as? [String: Any])?["mlp_layer"] as? String == "SwiGLUPacked")
    }
    try TestMaterial.withFolder { folder in
      let phikon = folder + "/models--owkin--phikon-v2/snapshots/0"
      try write(
        [
          "config.json": Data("{\"model_type\": \"dinov2\"}".utf8), "model.safetensors": Data("w".utf8),
        ], in: phikon)
      #expect(try TorchNetwork.find(phikon)?.encoder?.id == "owkin/phikon-v2")
    }
  }

  @Test func programsThatComeWithWeightsAreNotRun() throws {
    try TestMaterial.withFolder { folder in
      try write(
        [
          "config.json": Data("{\"model_type\": \"dinov2\", \"auto_map\": {\"AutoModel\": \"x.Y\"}}".utf8),
          "model.safetensors": Data("w".utf8),
        ], in: folder)
      let error = #expect(throws: InferenceError.self) { try TorchNetwork.find(folder) }
      #expect(error?.message.contains("program of its own") == true)
    }
  }

  @Test func aModuleOfSeveralNamesIsKnownByEachAndWithoutTheWrapper() {
    let names = ModuleNames(
      ["model.layer4", "fc0"], ["model.layer4.1": "model.layer4", "model.layer4.1.relu": "model.layer4"])
    #expect(
      names.aliases(of: "model.layer4")
        == ["model.layer4.1", "model.layer4.1.relu", "layer4", "layer4.1", "layer4.1.relu"])
    #expect(names.aliases(of: "fc0").isEmpty)
    #expect(names.path(of: "model.layer4") == ["model", "layer4", "1", "relu"])
  }
}
