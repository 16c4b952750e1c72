import ArgumentParser
import Inference
import Installation

/// `tessera doctor`: lists what the kernel needs, and what of it is missing.
struct DoctorSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "List the native libraries, the fonts and the kernelspec, and what is missing.")

  func run() throws {
    let report = Doctor().examine {
      try InferenceRuntime.warmUp()
      return try InferenceRuntime.version()
    }
    print(report.text)
    if !report.isComplete { throw ExitCode.failure }
  }
}
