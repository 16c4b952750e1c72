/// Places of the plane in the order of a curve that visits neighbours one after another, so that every so many points along it
/// are spread evenly over where points are.
///
/// Source: Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück", Math. Ann. 38 (1891),
/// doi:10.1007/BF01199431.
package enum HilbertCurve {
  private static let order = 16

  /// How far along the curve over a square of 65,536 places a side a place lies.
  ///
  /// - Parameters:
  ///   - x: 0 to 1; what lies beyond counts as the end.
  ///   - y: The same.
  package static func position(x: Double, y: Double) -> UInt32 {
    let side = UInt32(1) << UInt32(order)
    func place(_ share: Double) -> UInt32 { UInt32(min(max(share, 0), 1) * Double(side - 1)) }
    var (x, y) = (place(x), place(y))
    var position: UInt64 = 0
    var half = side / 2
    while half > 0 {
      let right: UInt32 = x & half > 0 ? 1 : 0
      let up: UInt32 = y & half > 0 ? 1 : 0
      position += UInt64(half) * UInt64(half) * UInt64((3 * right) ^ up)
      // The quarter is turned so that its curve begins where the one before ended.
      if up == 0 {
        if right == 1 {
          x = side - 1 - x
          y = side - 1 - y
        }
        (x, y) = (y, x)
      }
      half /= 2
    }
    return UInt32(truncatingIfNeeded: position)
  }
}
