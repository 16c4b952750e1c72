/// Cells of a million scalars, of kinds that tempt a parser into quadratic time or deep recursion.
package enum LongCells {
  /// A kind of cell, of about a given number of scalars.
  package struct Kind: Sendable {
    package let name: String
    package let cell: @Sendable (Int) -> String
  }

  package static let kinds: [Kind] = [
    repeating("a word", "stats ", "a"), repeating("a quoted text", "echo \"", "a", "\""),
    repeating("a quote without end", "echo \"", "a"), repeating("escapes", "echo \"", "\\n", "\""),
    repeating("unknown escapes", "echo \"", "\\q", "\""),
    repeating("an escape of many digits", "echo \"\\u{", "0", "}\""),
    repeating("blanks", "stats", " "), repeating("backslashes", "stats ", "\\"),
    repeating("blank backslashes", "stats ", "\\ "),
    repeating("continuations", "stats ", "\\\n"), repeating("a comment", "# ", "a"), repeating("comments", "", "# a\n"),
    repeating("empty lines", "", "\n"), repeating("Windows lines", "", "\r\n"),
    repeating("good lines", "", "stats df method=mean\n"), repeating("bad lines", "", "stats df method=mode\n"),
    repeating("unknown commands", "", "stas df\n"), repeating("unknown values", "", "stats dg\n"),
    repeating("foreign lines", "", "df.stats(\n"), repeating("calls", "", "df.stats('x', method='mean')\n"),
    repeating("lines of signs", "", "$ , = ( ] }\n"), repeating("imports", "", "import x\n"),
    numbered("names", { "a\($0) = stats df\n" }), numbered("names of bad statements", { "a\($0) = stas df\n" }),
    numbered("names of values", { "a\($0) = df\n" }),
    numbered("names used early", { "stats b\($0 + 1)\nb\($0) = df\n" }),
    numbered("one name", { _ in "a = stats df\nstats a\n" }),
    numbered("named features without a subject", { "a\($0) = df\nstats\n" }),
    numbered("names and projects", { "a\($0) = project ~/studies/hpv\nlabels a\($0) site\n" }),
    numbered("outputs and missing files", { "save df x\($0).png\nmodel y\($0).onnx\n" }),
    repeating("commas", "stats ", ","), repeating("equals signs", "stats ", "="), repeating("equals", "stats ", "= "),
    repeating("dollars", "stats ", "$ "), repeating("dots", "df", "."), repeating("members", "df", ".a"),
    repeating("members of an argument", "stats m", ".map"), repeating("question marks", "stats", "?"),
    repeating("semicolons", "stats ", ";"), repeating("pipes", "stats ", "|"),
    repeating("control characters", "stats ", "\u{1}"),
    repeating("typographic quotes", "stats ", "\u{201C}a\u{201D} "),
    repeating("opening typographic quotes", "stats ", "\u{201C}"),
    repeating("words and quotes", "stats ", "a\"b\""), repeating("empty quotes", "stats ", "'' "),
    repeating("open brackets", "stats by=", "["), repeating("open braces", "mosaic filters=", "{"),
    repeating("open parentheses", "stats ", "("), repeating("closed brackets", "stats ", "]"),
    repeating("brackets", "stats ", "[] "), repeating("braces", "stats ", "{} "),
    repeating("mixed brackets", "stats ", "[{("),
    nested("nested brackets", "stats ", "[", "]"), nested("nested braces", "mosaic filters=", "{a:", "}"),
    nested("nested parentheses", "f", "(", ")"), repeating("open brackets in lines", "", "label m by=[\n"),
    repeating("a list", "label m by=[site", ", site", "]"),
    repeating("a list of unknown names", "label m by=[x", ", x", "]"),
    repeating("a list without commas", "label m by=[site", " site", "]"),
    repeating("lists with maps", "stats ", "[a: [b]] "),
    repeating("a map", "mosaic filters={site: A", ", site: A", "}"),
    repeating("a map of lists", "mosaic filters={site: [A]", ", site: [A]", "}"),
    repeating("a map of keys", "mosaic filters={a", " a", "}"),
    repeating("colons in a map", "mosaic filters={", ":", "}"),
    repeating("parameters", "stats df", " x=1"),
    numbered("different parameters", { ($0 == 0 ? "stats df" : "") + " x\($0)=1" }),
    repeating("the same parameter", "stats df", " top=1"), repeating("arguments", "stats df", " x"),
    repeating("arguments after a name", "stats method=mean", " x"),
    repeating("lists as arguments", "label m", " [site]"),
    repeating("arguments of a list", "label m", " site"), repeating("missing values", "stats df", " a=;"),
    repeating("options", "stats df", " --a b"), repeating("options with lists", "stats df", " -a [b]"),
    repeating("halves of ranges", "box_plots", " ..<"), repeating("ranges with blanks", "box_plots", " 0 ..< 3"),
    repeating("calls of range", "box_plots ", "range(5)"),
    repeating("calls of range with blanks", "box_plots ", "range(5) "),
    repeating("a number", "stats top=", "1"), repeating("a fraction", "stats threshold=0.", "1"),
    repeating("dots of a range", "box_plots features=", ".."), repeating("colons", "box_plots features=", "0:"),
    repeating("slashes", "save df ", "a/"), repeating("a path up", "model ", "../"),
    repeating("tildes", "model ~/", "~/"),
    repeating("letters", "", "é"), repeating("combining marks", "stats ", "a\u{301}\u{323}\u{308}"),
    repeating("emoji", "stats ", "🧬\u{200D}"),
    repeating("a Python list", "df.stats([", "1, ", "])"), repeating("Python arguments", "df.stats(", "a=1, ", ")"),
    repeating("Python calls behind", "f()", ".g()"), repeating("several targets", "a", ", a", " = f()"),
    repeating("a layer", "label m by=feature:", "a", "/1"), repeating("a tile", "tiles df near=", "S1:", "0"),
    repeating("help", "", "stats?\n"), repeating("unknown help", "", "x?\n"),
    repeating("statements on a line", "stats", "; stats"),
  ]

  private static func repeating(_ name: String, _ start: String, _ part: String, _ end: String = "") -> Kind {
    Kind(name: name) { length in
      start + String(repeating: part, count: max(1, length / part.unicodeScalars.count)) + end
    }
  }

  private static func nested(_ name: String, _ start: String, _ open: String, _ close: String) -> Kind {
    Kind(name: name) { length in
      let count = max(1, length / 2 / open.unicodeScalars.count)
      return start + String(repeating: open, count: count) + String(repeating: close, count: count)
    }
  }

  private static func numbered(_ name: String, _ part: @escaping @Sendable (Int) -> String) -> Kind {
    Kind(name: name) { length in
      var cell = ""
      var number = 0
      while cell.utf8.count < length {
        cell += part(number)
        number += 1
      }
      return cell
    }
  }
}
