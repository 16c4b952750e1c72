import ArgumentParser
import CommandLanguage
import FeatureData
import Files
import Foundation
import Commands

/// `tessera manual`: the reference page of all commands.
struct ManualSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the reference page of all commands, as Markdown.")

  @Argument(help: "A file to write it to; left out, it is printed.")
  var file: String?

  func run() throws {
    let page = CommandSet.registry.manual.completePage()
    guard let file else { return print(page, terminator: "") }
    do throws(FileFault) { try WholeFile.write(page, to: file) } catch {
      throw ValidationError("\(file) cannot be written: \(error.description).")
    }
  }
}
