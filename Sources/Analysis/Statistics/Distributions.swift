import CBoostMath

/// Tail probabilities and quantiles, of Boost.Math; NaN where an argument is outside of what a distribution is defined for.
enum Distributions {
  static func fSurvival(_ f: Double, _ numerator: Double, _ denominator: Double) -> Double {
    boost_math_f_survival(f, numerator, denominator)
  }

  /// The probability of a t as far from 0 on either side.
  static func tBothTails(_ t: Double, _ degrees: Double) -> Double { boost_math_t_both_tails(t, degrees) }

  static func chiSquaredSurvival(_ x: Double, _ degrees: Double) -> Double {
    boost_math_chi_squared_survival(x, degrees)
  }

  static func normalSurvival(_ z: Double) -> Double { boost_math_normal_survival(z) }
  static func normalQuantile(_ p: Double) -> Double { boost_math_normal_quantile(p) }

  /// Γ(a) / Γ(b).
  static func gammaRatio(_ a: Double, _ b: Double) -> Double { boost_math_gamma_ratio(a, b) }

  /// The noncentrality at which a noncentral F variable is at most `f` with a probability; 0 where even a central one is
  /// so with a smaller probability, nil where none is found.
  static func noncentrality(
    ofF f: Double, _ numerator: Double, _ denominator: Double, probability: Double
  ) -> Double? {
    func excess(_ noncentrality: Double) -> Double {
      boost_math_noncentral_f_cdf(f, numerator, denominator, noncentrality) - probability
    }
    let central = excess(0)
    guard central.isFinite else { return nil }
    if central <= 0 { return 0 }
    var high = max(1, 2 * f * numerator)
    // Where the series ends no interval could be told from the whole range.
    while excess(high) > 0 {
      high *= 2
      if high > 1e8 { return nil }
    }
    return root(0, high, excess)
  }

  /// The noncentrality at which a noncentral t variable is at most `t` with a probability; nil where none is found.
  static func noncentrality(ofT t: Double, _ degrees: Double, probability: Double) -> Double? {
    func excess(_ noncentrality: Double) -> Double {
      boost_math_noncentral_t_cdf(t, degrees, noncentrality) - probability
    }
    var reach = max(1, abs(t))
    while !(excess(t - reach) > 0 && excess(t + reach) < 0) {
      reach *= 2
      if reach > 1e6 { return nil }
    }
    return root(t - reach, t + reach, excess)
  }

  /// Where a function changes its sign between two places, by Ridders' method; nil where it is NaN on the way.
  ///
  /// Source: Ridders, "A new algorithm for computing a single root of a real continuous function", 1979,
  /// doi:10.1109/TCS.1979.1084580.
  static func root(_ low: Double, _ high: Double, _ function: (Double) -> Double) -> Double? {
    var (low, high) = (low, high)
    var (atLow, atHigh) = (function(low), function(high))
    if atLow == 0 { return low }
    if atHigh == 0 { return high }
    guard atLow.isFinite, atHigh.isFinite, (atLow < 0) != (atHigh < 0) else { return nil }
    for _ in 0..<100 {
      let middle = low + (high - low) / 2
      let atMiddle = function(middle)
      guard atMiddle.isFinite else { return nil }
      let width = (atMiddle * atMiddle - atLow * atHigh).squareRoot()
      guard atMiddle != 0, width > 0 else { return middle }
      let next = middle + (middle - low) * (atLow > atHigh ? 1 : -1) * atMiddle / width
      let atNext = function(next)
      guard atNext.isFinite else { return nil }
      if atNext == 0 { return next }
      if (atMiddle < 0) != (atNext < 0) {
        (low, atLow, high, atHigh) = (middle, atMiddle, next, atNext)
      } else if (atLow < 0) != (atNext < 0) {
        (high, atHigh) = (next, atNext)
      } else {
        (low, atLow) = (next, atNext)
      }
      if low > high { (low, atLow, high, atHigh) = (high, atHigh, low, atLow) }
      if high - low <= 1e-13 * max(abs(low), abs(high), 1e-3) { break }
    }
    return low + (high - low) / 2
  }
}
