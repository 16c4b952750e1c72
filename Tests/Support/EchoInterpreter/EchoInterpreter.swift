import Glibc
package import JupyterKernel
package import JupyterWire

/// A language of one command a line, which shows that the kernel knows no other.
package struct EchoInterpreter: Interpreter {
  package static let commands = [
    "ask", "clear", "display", "echo", "error", "hang", "help", "native", "page", "png", "print", "progress", "result",
    "sleep", "summary", "view", "warn", "widget",
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
    // By bytes: 50 MB of code must not be searched for grapheme clusters.
    for line in request.code.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1).map { String(Substring($0)) }
      let argument = words.count > 1 ? words[1] : ""
      switch words.first {
      case "ask":
        do throws(InputFault) { context.write(.stdout, try context.requestInput(argument) + "\n") } catch {
          if error == .interrupted { return .interrupted }
          return .error(ExecuteError(name: "InputFault", value: "\(error)", traceback: []))
        }
      case "clear": context.clearOutput()
      case "display": context.display(MIMEBundle(plain: argument, html: "<b>\(argument)</b>"))
      case "echo": context.write(.stdout, argument + "\n")
      case "error":
        return .error(ExecuteError(name: "EchoError", value: argument, traceback: ["EchoError: \(argument)"]))
      case "hang": while true { usleep(50_000) }
      case "native":
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] { _ = write(descriptor, argument, argument.utf8.count) }
      case "page": pages.append(MIMEBundle(plain: argument))
      case "png": context.display(onePixel(byteCount: Int(argument) ?? 0))
      case "print": for line in 0..<(Int(argument) ?? 0) { print("native line", line) }
      case "progress": if work(seconds: Double(argument) ?? 1, context, reports: true) { return .interrupted }
      case "result": context.executeResult(MIMEBundle(plain: argument))
      case "sleep": if work(seconds: Double(argument) ?? 1, context, reports: false) { return .interrupted }
      case "summary": context.progress.end(summary: argument)
      case "view": EchoView.show(argument, in: context)
      case "widget": EchoWidget.show(argument, in: context)
      case "warn": context.write(.stderr, argument + "\n")
      default:
        return .error(
          ExecuteError(
            name: "UnknownCommand", value: String(Substring(line)), traceback: ["UnknownCommand: \(Substring(line))"]))
      }
    }
    return .ok(pages: pages)
  }

  /// - Returns: whether it was interrupted.
  private func work(seconds: Double, _ context: ExecutionContext, reports: Bool) -> Bool {
    let steps = Int(seconds * 200)
    for step in 0..<steps {
      if reports { context.progress.report(phase: "working", unit: "steps", done: step, total: steps) }
      if context.wait(milliseconds: 5) { return true }
    }
    context.progress.end()
    return false
  }

  package func evaluate(_ expression: String) -> Result<MIMEBundle, ExecuteError> {
    expression.isEmpty
      ? .failure(ExecuteError(name: "EchoError", value: "nothing to say", traceback: []))
      : .success(MIMEBundle(plain: expression))
  }

  package func complete(_ code: String, cursor: Int) -> Completions {
    let before = code.unicodeScalars.prefix(cursor)
    let start = before.lastIndex { $0 == " " || $0 == "\n" }.map(before.index(after:)) ?? before.startIndex
    let word = before[start...]
    let prefix = String(word)
    let matches = Self.commands.filter { $0.hasPrefix(prefix) }
    return Completions(
      matches: matches, range: cursor - word.count..<cursor, types: matches.map { _ in "command" })
  }

  package func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection? {
    let word = code.split(separator: " ").first.map(String.init) ?? ""
    guard Self.commands.contains(word) else { return nil }
    return Inspection(
      MIMEBundle(plain: "\(word): a command", html: "<b>\(word)</b>: a command", markdown: "**\(word)**: a command"))
  }

  package func isComplete(_ code: String) -> Completeness {
    if code.hasSuffix("\\") { return .incomplete(indent: "  ") }
    return Self.commands.contains(String(code.prefix { $0 != " " })) ? .complete : .invalid
  }

  package func willShutDown() {}
}
