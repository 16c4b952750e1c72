import Foundation
import Rendering
import SampleFigures

// Draws every sample figure into a folder: in each theme, at the widths of print, as PNG, SVG and PDF.
// With `--time`: how long maps of many points take. With `--golden FOLDER`: the pictures that the tests compare with.

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--time" {
  for (points, rounds) in [(22_901, 7), (1_000_000, 3), (10_000_000, 1)] {
    let plot = SampleFigures.classes(points: points, classes: 10)
    var seconds: [Double] = []
    var byteCount = 0
    for _ in 0..<rounds {
      let clock = ContinuousClock()
      let spent = try clock.measure { byteCount = try ScatterFigure(plot, title: "Map").inlinePNG().bytes.count }
      seconds.append(Double(spent.components.attoseconds) / 1e18 + Double(spent.components.seconds))
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(
      "\(points) points: median \(seconds.sorted()[rounds / 2]) s, least \(seconds.min() ?? 0) s, \(byteCount) bytes; "
        + "at most \(usage.ru_maxrss / 1024) MiB so far")
  }
} else if arguments.first == "--golden", let folder = arguments.dropFirst().first {
  for golden in try SampleFigures.golden() {
    try Data(golden.picture().bytes).write(to: URL(filePath: "\(folder)/\(golden.name).png"))
  }
} else if let folder = arguments.first {
  let wanted = arguments.dropFirst().first
  let styles: [(String, FigureStyle)] =
    FigureTheme.allCases.map { ($0.rawValue, FigureStyle(theme: $0)) }
    + FigureStyle.printWidths.map { ("print-\(Int($0))", FigureStyle(theme: .print, widthMillimetres: $0)) }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for sample in try SampleFigures.all() where wanted.map(sample.name.contains) ?? true {
    for (name, style) in styles {
      func write(_ picture: EncodedPicture) throws {
        try Data(picture.bytes).write(
          to: URL(filePath: "\(folder)/\(sample.name)-\(name).\(picture.format.rawValue)"))
      }
      try write(sample.figure.inlinePNG(style))
      try write(sample.figure.svg(style))
      try write(sample.figure.pdf(style))
    }
  }
} else {
  print("draw-figures FOLDER [PART OF A NAME], draw-figures --golden FOLDER, or draw-figures --time")
}
