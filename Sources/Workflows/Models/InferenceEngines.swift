package import Inference
import OpenVINOEngine
import PythonPrograms
import WorkerEngine

/// The engines that models are read and run by.
package enum InferenceEngines {
  /// Of those that read a kind of file, the first takes it.
  package static let all: [any InferenceEngine] = [OpenVINOEngine()]

  /// What computes where nothing is said.
  package static let standard = "openvino"
  /// Those that are programs in Python, by the module that serves each.
  private static let inPython = ["torch": "worker_torch", "onnxruntime": "worker_onnxruntime"]

  /// All names: of those that come with this program, and of programs `tessera-engine-NAME` on the PATH.
  package static var names: [String] {
    [standard, "torch", "onnxruntime"] + WorkerProgram.enginesOnPath().filter { $0 != standard && inPython[$0] == nil }
  }

  /// What computes a model, and the settings with all that it decides by itself.
  ///
  /// - Throws: `engineUnknown`, `engineUnfit`, `workerFailed`; `WorkflowFailure` without a Python environment.
  static func runner(
    _ settings: InferenceSettings, of model: Model
  ) throws -> (engine: any InferenceEngine, settings: InferenceSettings) {
    var settings = settings
    guard let choice = settings.engine, choice.name != standard else {
      let devices = settings.engine?.devices ?? []
      guard devices.isEmpty || devices == ["cpu"] else {
        throw InferenceError.engineUnfit(
          engine: standard, parameter: "device",
          reason: "computes on the processor, and not on \(devices.joined(separator: ", "))",
          remedy: "engine=torch device=\(devices[0])")
      }
      settings.engine = nil
      return (model.engine, settings)
    }
    let engine = WorkerEngine(try program(choice.name))
    settings = try engine.settled(
      settings, path: model.path, format: ModelFile.check(model.file), hasRecipe: model.converted != nil)
    return (engine, settings)
  }

  private static func program(_ name: String) throws -> WorkerProgram {
    guard let module = inPython[name] else {
      guard let program = WorkerProgram.onPath(name) else {
        throw InferenceError.engineUnknown(name: name, known: names)
      }
      return program
    }
    guard let environment = PythonEnvironment.found() else {
      throw WorkflowFailure(
        "The engine \(name) needs a Python environment with it, and there is none. \(PythonEnvironment.remedy)",
        remedy: "engine=\(standard)", parameter: "engine")
    }
    return WorkerProgram(
      engine: name, executable: environment.interpreter, arguments: ["-I", "/proc/self/fd/5"],
      source: PythonProgram.bytes(main: module))
  }
}
