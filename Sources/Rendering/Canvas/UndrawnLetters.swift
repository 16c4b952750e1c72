import CPango

/// Letters of a picture that no font of this machine has, which are drawn as boxes.
package struct UndrawnLetters: Sendable, Equatable {
  /// In the order in which they are drawn, each once.
  package private(set) var letters: [Unicode.Scalar] = []

  /// What scripts there are no letters of, and the package that mends it; nil where nothing is missing.
  package var sentence: String? {
    guard !letters.isEmpty else { return nil }
    let scripts = letters.map(Script.init(of:))
    var names: [String] = []
    var packages: [String] = []
    for script in scripts {
      if !names.contains(script.name) { names.append(script.name) }
      if let package = script.package, !packages.contains(package) { packages.append(package) }
    }
    // A mark alone would stand on the letter before it.
    let bases = letters.filter { !$0.properties.generalCategory.isMark }
    let shown =
      (bases.isEmpty ? letters : bases).prefix(3).map { String(Character($0)) }.joined(separator: " ")
      + (letters.count > 3 ? " …" : "")
    let what =
      "No font of this machine has these letters (\(names.joined(separator: ", ")): \(shown)); boxes stand for them."
    guard !packages.isEmpty else { return what }
    return what
      + " `sudo apt-get install \(packages.joined(separator: " "))` brings them, after a restart of the kernel."
  }

  /// Adds what a layout has no glyphs for.
  mutating func add(from layout: OpaquePointer?) {
    guard pango_layout_get_unknown_glyphs_count(layout) > 0 else { return }
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let glyphs = pango_layout_iter_get_run_readonly(iterator)?.pointee.glyphs?.pointee else { continue }
      for index in 0..<Int(glyphs.num_glyphs) {
        let glyph = glyphs.glyphs[index].glyph
        // Pango puts the letter itself into a glyph that stands for none.
        guard glyph & Self.unknownFlag != 0, let letter = Unicode.Scalar(glyph & ~Self.unknownFlag),
          !letters.contains(letter)
        else { continue }
        letters.append(letter)
      }
    } while pango_layout_iter_next_run(iterator) != 0
  }

  /// PANGO_GLYPH_UNKNOWN_FLAG.
  private static let unknownFlag: UInt32 = 0x1000_0000

  /// Scripts that a plain Debian has no font for, a sample of each, and whether it would be drawn.
  package static func coverage() -> [(scripts: String, package: String, isDrawn: Bool)] {
    let samples = [
      ("Chinese, Japanese, Korean", "fonts-noto-cjk", "鳞かカ한"),
      ("Devanagari, Bengali, Tamil, Thai and others", "fonts-noto-core", "हবதท"),
      ("emoji", "fonts-noto-color-emoji", "🧬"),
    ]
    let measurer = TextMeasurer()
    return samples.map { scripts, package, text in
      var undrawn = UndrawnLetters()
      measurer.withLayout(of: TextBlock(text, size: 12)) { undrawn.add(from: $0) }
      return (scripts, package, undrawn.letters.isEmpty)
    }
  }

  /// The script that a letter belongs to, and the Debian package of a font for it.
  private struct Script {
    let name: String
    let package: String?

    init(of letter: Unicode.Scalar) {
      let script = g_unichar_get_script(letter.value)
      switch script {
      case G_UNICODE_SCRIPT_HAN: (name, package) = ("Chinese characters", "fonts-noto-cjk")
      case G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_BOPOMOFO, G_UNICODE_SCRIPT_HANGUL:
        (name, package) = (Self.word(of: script), "fonts-noto-cjk")
      case _ where letter.properties.isEmoji: (name, package) = ("emoji", "fonts-noto-color-emoji")
      case _ where letter.properties.generalCategory == .privateUse: (name, package) = ("private use", nil)
      case _ where letter.properties.generalCategory == .unassigned: (name, package) = ("not assigned", nil)
      case G_UNICODE_SCRIPT_COMMON, G_UNICODE_SCRIPT_INHERITED: (name, package) = ("signs", "fonts-noto-core")
      default: (name, package) = (Self.word(of: script), "fonts-noto-core")
      }
    }

    /// Its English name, such as "Devanagari"; of a rare one the four letters of ISO 15924.
    private static func word(of script: GUnicodeScript) -> String {
      let names: [(GUnicodeScript, String)] = [
        (G_UNICODE_SCRIPT_HIRAGANA, "Hiragana"), (G_UNICODE_SCRIPT_KATAKANA, "Katakana"),
        (G_UNICODE_SCRIPT_BOPOMOFO, "Bopomofo"), (G_UNICODE_SCRIPT_HANGUL, "Hangul"),
        (G_UNICODE_SCRIPT_DEVANAGARI, "Devanagari"), (G_UNICODE_SCRIPT_BENGALI, "Bengali"),
        (G_UNICODE_SCRIPT_GURMUKHI, "Gurmukhi"), (G_UNICODE_SCRIPT_GUJARATI, "Gujarati"),
        (G_UNICODE_SCRIPT_ORIYA, "Oriya"), (G_UNICODE_SCRIPT_TAMIL, "Tamil"), (G_UNICODE_SCRIPT_TELUGU, "Telugu"),
        (G_UNICODE_SCRIPT_KANNADA, "Kannada"), (G_UNICODE_SCRIPT_MALAYALAM, "Malayalam"),
        (G_UNICODE_SCRIPT_SINHALA, "Sinhala"), (G_UNICODE_SCRIPT_THAI, "Thai"), (G_UNICODE_SCRIPT_LAO, "Lao"),
        (G_UNICODE_SCRIPT_TIBETAN, "Tibetan"), (G_UNICODE_SCRIPT_MYANMAR, "Myanmar"),
        (G_UNICODE_SCRIPT_KHMER, "Khmer"), (G_UNICODE_SCRIPT_MONGOLIAN, "Mongolian"),
        (G_UNICODE_SCRIPT_ETHIOPIC, "Ethiopic"), (G_UNICODE_SCRIPT_ARABIC, "Arabic"),
        (G_UNICODE_SCRIPT_HEBREW, "Hebrew"), (G_UNICODE_SCRIPT_ARMENIAN, "Armenian"),
        (G_UNICODE_SCRIPT_GEORGIAN, "Georgian"), (G_UNICODE_SCRIPT_SYRIAC, "Syriac"),
      ]
      if let known = names.first(where: { $0.0 == script }) { return known.1 }
      let code = g_unicode_script_to_iso15924(script)
      let letters = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> $0) }
      return "script " + String(decoding: letters, as: UTF8.self)
    }
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isMark: Bool { self == .nonspacingMark || self == .spacingMark || self == .enclosingMark }
}
