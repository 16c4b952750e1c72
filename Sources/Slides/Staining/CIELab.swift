import Foundation

/// CIE Lab of sRGB under D65 (IEC 61966-2-1, CIE 15), for four pixels at a time.
///
/// Kept as f(Y), f(X) − f(Y) and f(Y) − f(Z), of which L*, a* and b* are 116, 500 and 200 times as much (L* less 16):
/// means and deviations carry over, and the multiplications are saved.
struct CIELab {
  var lightness: SIMD4<Float>
  var redness: SIMD4<Float>
  var yellowness: SIMD4<Float>

  /// L*, a* and b* per unit of the three, and at their zero.
  static let scales = SIMD3<Double>(116, 500, 200)
  static let offsets = SIMD3<Double>(-16, 0, 0)

  /// Linear light, 0 to 1, of each byte.
  static let linearLight: [Float] = (0...255).map { byte in
    let encoded = Double(byte) / 255
    return Float(encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4))
  }

  /// The byte of a linear light.
  static let bytes = ByteRamp(from: 0, to: 1) { byte in
    let encoded = byte / 255
    return encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
  }

  private static let epsilon: Float = 0.008856
  private static let slope: Float = 7.787
  private static let intercept: Float = 16 / 116

  /// From linear light.
  @inline(__always)
  init(red: SIMD4<Float>, green: SIMD4<Float>, blue: SIMD4<Float>) {
    let x = 0.412453 / 0.950456 * red + 0.357580 / 0.950456 * green + 0.180423 / 0.950456 * blue
    let y = 0.212671 * red + 0.715160 * green + 0.072169 * blue
    let z = 0.019334 / 1.088754 * red + 0.119193 / 1.088754 * green + 0.950227 / 1.088754 * blue
    let (fx, fy, fz) = (Self.response(x), Self.response(y), Self.response(z))
    lightness = fy
    redness = fx - fy
    yellowness = fy - fz
  }

  /// Linear light, not limited to 0 to 1.
  @inline(__always)
  var linear: (red: SIMD4<Float>, green: SIMD4<Float>, blue: SIMD4<Float>) {
    let x = 0.950456 * Self.inverseResponse(lightness + redness)
    let y = Self.inverseResponse(lightness)
    // Blue light below none is none, as slideflow has it: far below black, yellow would otherwise turn red.
    let fz = lightness - yellowness
    let z = 1.088754 * Self.inverseResponse(fz.replacing(with: 0, where: fz .< 0))
    return (
      3.240479 * x - 1.53715 * y - 0.498535 * z, -0.969256 * x + 1.875991 * y + 0.041556 * z,
      0.055648 * x - 0.204043 * y + 1.057311 * z
    )
  }

  @inline(__always)
  private static func response(_ t: SIMD4<Float>) -> SIMD4<Float> {
    let isDark = t .<= epsilon
    let root = cubeRoot(t.replacing(with: epsilon, where: isDark))
    return root.replacing(with: slope * t + intercept, where: isDark)
  }

  @inline(__always)
  private static func inverseResponse(_ f: SIMD4<Float>) -> SIMD4<Float> {
    (f * f * f).replacing(with: (f - intercept) * (1 / slope), where: f .<= 0.20689655)
  }

  /// Of numbers from about 0.005 to 1.3, to a relative error of 5e-7, without a division.
  ///
  /// Minus a third of the exponent begins the inverse root; a parabola fitted to what is left (2.8e-5), and one of
  /// Newton's steps, complete it.
  @inline(__always)
  static func cubeRoot(_ x: SIMD4<Float>) -> SIMD4<Float> {
    let bits = unsafeBitCast(x, to: SIMD4<UInt32>.self)
    var third = (bits &>> 2) &+ (bits &>> 4)
    third = third &+ (third &>> 4)
    third = third &+ (third &>> 8)
    var inverse = unsafeBitCast(0x548E_2000 &- third, to: SIMD4<Float>.self)
    let left = x * inverse * inverse * inverse
    inverse = inverse * (1.73095212 + left * (left * 0.46747202 - 1.19105073))
    inverse = inverse * (4 / 3 - (1 / 3) * (x * inverse * inverse * inverse))
    return x * inverse * inverse
  }
}
