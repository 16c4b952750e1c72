/// A bar of a round length.
struct ScaleBar: Equatable {
  let width: Double
  let label: String

  /// The largest of 1, 2 and 5 times a power of ten that takes at most a quarter of the room; nil if none fits.
  init?(micronsPerCSSPixel: Double, room: Double) {
    let most = room / 4 * micronsPerCSSPixel
    guard most.isFinite, most > 1e-3 else { return nil }
    var power = 1e-3
    while power * 10 <= most { power *= 10 }
    let microns = [5.0, 2, 1].map { $0 * power }.first { $0 <= most } ?? power
    width = microns / micronsPerCSSPixel
    label = microns >= 1000 ? NumberText.short(microns / 1000) + " mm" : NumberText.short(microns) + " µm"
  }

  func draw(on canvas: Canvas, x: Double, y: Double) {
    canvas.fillRectangle(x: x, y: y, width: width, height: 3, colour: canvas.theme.ink)
    let text = TextBlock(label, size: 11, ink: .soft)
    canvas.draw(text, x: x + width + 8, y: y + 1.5 - canvas.size(of: text).height / 2)
  }
}
