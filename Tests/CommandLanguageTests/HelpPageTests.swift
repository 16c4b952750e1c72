import CommandLanguage
import SmallLanguage
import Testing

/// Pages of the manual as cells show them: HTML, for converters of notebooks read Markdown each in a way of their own.
@Suite struct HelpPageTests {
  private func shown(_ cell: String) -> [RichOutput] {
    let recorder = Recorder()
    #expect(SmallLanguage.session().run(cell, output: recorder, monitor: recorder) == .completed)
    return recorder.shown
  }

  @Test func `A page shows alternatives with bars, and neither escapes nor the name of a language`() throws {
    for cell in ["help stats", "stats?"] {
      let page = try #require(shown(cell).first)
      let html = try #require(page.html)
      #expect(page.markdown == nil)
      #expect(html.contains("<code>mean|threshold</code>"))
      #expect(!html.contains("\\|") && !html.contains("```") && !html.contains(">tessera\n"))
      #expect(html.contains("<pre><code>stats"))
    }
  }

  @Test func `No page of the manual has backticks in HTML or in text`() throws {
    for command in SmallLanguage.interpreter().registry.commands.map(\.declaration.name) {
      let page = try #require(shown("help \(command)").first)
      #expect(!page.text.contains("`") && page.html?.contains("`") == false, "\(command)")
    }
    for cell in ["help", "help slideflow"] {
      let page = try #require(shown(cell).first)
      #expect(!page.text.contains("`") && page.html?.contains("`") == false, "\(cell)")
      #expect(page.html?.contains("&lt;br&gt;") == false)
    }
  }
}
