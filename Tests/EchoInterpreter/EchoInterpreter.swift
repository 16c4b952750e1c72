import Foundation
package import JupyterKernel
package import JupyterWire

/// A language of one command a line, which shows that the kernel knows no other.
package struct EchoInterpreter: Interpreter {
  package static let commands = [
    "clear", "display", "echo", "error", "hang", "help", "native", "page", "png", "print", "progress", "result",
    "sleep", "warn",
  ]

  package init() {}

  package var languageInfo: LanguageInfo {
    LanguageInfo(
      name: "echo", version: "1.0", mimetype: "text/plain", fileExtension: ".echo", codemirrorMode: "shell",
      pygmentsLexer: "bash", banner: "Echo: says what it was told.", implementation: "echo",
      implementationVersion: "1.0", helpLinks: [.init(text: "Jupyter", url: "https://jupyter.org")])
  }

  package func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome {
    var pages: [MIMEBundle] = []
    for line in request.code.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let argument = words.count > 1 ? words[1] : ""
      switch words.first {
      case "clear": context.clearOutput()
      case "display": context.display(MIMEBundle(plain: argument, html: "<b>\(argument)</b>"))
      case "echo": context.write(.stdout, argument + "\n")
      case "error":
        return .error(ExecuteError(name: "EchoError", value: argument, traceback: ["EchoError: \(argument)"]))
      case "hang": while true { Thread.sleep(forTimeInterval: 0.05) }
      case "native":
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] { _ = write(descriptor, argument, argument.utf8.count) }
      case "page": pages.append(MIMEBundle(plain: argument))
      case "png": showPNG(byteCount: Int(argument) ?? 0, context)
      case "print": for line in 0..<(Int(argument) ?? 0) { print("native line", line) }
      case "progress": if work(seconds: Double(argument) ?? 1, context, reports: true) { return .interrupted }
      case "result": context.executeResult(MIMEBundle(plain: argument))
      case "sleep": if work(seconds: Double(argument) ?? 1, context, reports: false) { return .interrupted }
      case "warn": context.write(.stderr, argument + "\n")
      default:
        return .error(ExecuteError(name: "UnknownCommand", value: String(line), traceback: ["UnknownCommand: \(line)"]))
      }
    }
    return .ok(pages: pages)
  }

  /// - Returns: whether it was interrupted.
  private func work(seconds: Double, _ context: ExecutionContext, reports: Bool) -> Bool {
    let steps = Int(seconds * 200)
    for step in 0..<steps {
      if context.isInterrupted { return true }
      if reports { context.progress.report(phase: "working", unit: "steps", done: step, total: steps) }
      Thread.sleep(forTimeInterval: 0.005)
    }
    context.progress.end()
    return false
  }

  /// One black pixel, followed by as many bytes as wanted for weight, which readers of PNG pass over.
  private func showPNG(byteCount: Int, _ context: ExecutionContext) {
    let pixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    let png = Array(Data(base64Encoded: pixel) ?? Data()) + [UInt8](repeating: 0x5A, count: byteCount)
    context.display(MIMEBundle(png: png, width: 40, height: 20, plain: "one pixel"))
  }

  package func complete(_ code: String, cursor: Int) -> Completions {
    let before = code.unicodeScalars.prefix(cursor)
    let word = before.reversed().prefix { $0 != " " && $0 != "\n" }.reversed()
    var prefix = String.UnicodeScalarView()
    prefix.append(contentsOf: word)
    let matches = Self.commands.filter { $0.hasPrefix(String(prefix)) }
    return Completions(
      matches: matches, range: cursor - word.count..<cursor, types: matches.map { _ in "command" })
  }

  package func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection? {
    let word = code.split(separator: " ").first.map(String.init) ?? ""
    guard Self.commands.contains(word) else { return nil }
    return Inspection(MIMEBundle(plain: "\(word): a command", markdown: "**\(word)**: a command"))
  }

  package func isComplete(_ code: String) -> Completeness {
    if code.hasSuffix("\\") { return .incomplete(indent: "  ") }
    return Self.commands.contains(String(code.prefix { $0 != " " })) ? .complete : .invalid
  }

  package func willShutDown() {}
}
