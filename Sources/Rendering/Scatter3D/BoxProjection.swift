import Glibc

/// How a box falls on a page, seen from an angle and from not too far, so that what is nearer is larger.
struct BoxProjection: Equatable {
  /// A place in the box, whose middle is 0.
  typealias Point = SIMD3<Double>

  /// Where a place falls, in units of the box around its middle, y downwards.
  struct Image {
    let x: Double
    let y: Double
    /// How near it is; larger is nearer.
    let depth: Double
    /// By how much it is enlarged.
    let size: Double
  }

  /// Of the box, from its middle to its sides.
  let reach: Point
  private let right: Point
  private let up: Point
  /// Towards the viewer.
  let view: Point

  /// From the middle to the viewer, in halves of the box's longest side.
  private static let distance = 9.0

  /// - Parameters:
  ///   - reach: half of each side.
  ///   - azimuth: degrees around the vertical axis, 0 from the end of the first axis, counterclockwise from above.
  ///   - elevation: degrees above the floor.
  init(reach: Point, azimuth: Double, elevation: Double) {
    let (a, e) = (azimuth * Double.pi / 180, elevation * Double.pi / 180)
    self.reach = reach
    view = Point(cos(e) * cos(a), cos(e) * sin(a), sin(e))
    right = Point(-sin(a), cos(a), 0)
    up = Point(-sin(e) * cos(a), -sin(e) * sin(a), cos(e))
  }

  func image(_ point: Point) -> Image {
    let depth = (point * view).sum()
    let distance = Self.distance * max(reach.x, reach.y, reach.z)
    let size = distance / max(distance - depth, distance * 0.1)
    return Image(x: (point * right).sum() * size, y: -(point * up).sum() * size, depth: depth, size: size)
  }

  /// For each axis the side that lies behind everything in the box: its sign.
  var far: Point { Point(view.x > 0 ? -1 : 1, view.y > 0 ? -1 : 1, view.z >= 0 ? -1 : 1) }

  /// How near the nearest and the farthest place of the box are.
  var depths: ClosedRange<Double> {
    let greatest = (SIMD3(abs(view.x), abs(view.y), abs(view.z)) * reach).sum()
    return -greatest...greatest
  }
}
