import ArgumentParser
import Inference
import Installation
import PythonPrograms
import Rendering
import Workflows

/// `tessera doctor`: lists what the kernel needs, and what of it is missing.
struct DoctorSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "List the libraries, fonts and extensions of Jupyter, the kernelspec, and what is missing.")

  func run() throws {
    let engines = InferenceEngines.all.map { engine in
      Doctor.Engine(name: engine.name) {
        try engine.warmUp()
        return try engine.version()
      }
    }
    let letters = UndrawnLetters.coverage().map {
      Doctor.Letters(scripts: $0.scripts, package: $0.package, areDrawn: $0.isDrawn)
    }
    let report = Doctor().examine(engines: engines, letters: letters, others: [torch])
    print(report.text)
    if !report.isComplete { throw ExitCode.failure }
  }

  /// What converts networks of torch, and runs models on other engines.
  private var torch: Doctor.Finding {
    let environment = PythonEnvironment.found()
    let version = environment?.version(of: "torch")
    return Doctor.Finding(
      name: "Python with torch", version: version, path: environment?.interpreter,
      remedy: version == nil
        ? "networks of torch are not converted, and there is no engine=torch: \(PythonEnvironment.remedy)" : nil,
      isOptional: true)
  }
}
