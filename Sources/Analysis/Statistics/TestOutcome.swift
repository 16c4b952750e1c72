/// Why a test or an effect size has no number.
package enum UndefinedTest: Sendable, Hashable {
  /// Fewer than two groups have members.
  case fewerThanTwoGroups
  /// A test or an effect of two groups, with more of them.
  case moreThanTwoGroups
  /// The feature is the same everywhere.
  case constant
  /// The outcome is the same number everywhere.
  case constantOutcome
  /// Every group has one member.
  case noRepeats
  /// A group with one member, whose variance is not known.
  case singleMember(group: Int)
  /// A group, or every group for nil, in which the feature does not vary.
  case noVarianceWithin(group: Int?)
  /// Fewer units than are needed.
  case fewUnits(needed: Int)
  /// No stratum has members of two groups, or two outcomes.
  case groupsFollowStrata
  /// Strata and covariates leave no degrees of freedom.
  case noFreedom
  /// There is a NaN, an infinity, or a sum that overflows.
  case notFinite
}

/// A test of one feature.
package struct TestOutcome: Sendable, Equatable {
  /// F, H, U, r or ρ; +infinity where groups differ and do not vary.
  package let statistic: Double?
  /// Of the numerator and the denominator, or the one there is; none of a rank test of two groups.
  package let degreesOfFreedom: [Double]
  package let p: Double?
  /// Where there is no p.
  package let reason: UndefinedTest?

  init(statistic: Double, degreesOfFreedom: [Double] = [], p: Double) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.p = p.isFinite ? min(max(p, 0), 1) : nil
    reason = p.isFinite ? nil : .notFinite
  }

  package init(undefined reason: UndefinedTest) {
    statistic = nil
    degreesOfFreedom = []
    p = nil
    self.reason = reason
  }
}

/// How large a difference or a relation is, with its 95 % confidence interval.
package struct EffectSize: Sendable, Equatable {
  package let value: Double?
  /// Nil where it cannot be had, as where groups do not vary.
  package let interval: ClosedRange<Double>?
  package let reason: UndefinedTest?

  init(_ value: Double, _ interval: ClosedRange<Double>?) {
    self.value = value.isFinite ? value : nil
    self.interval = value.isFinite ? interval : nil
    reason = value.isFinite ? nil : .notFinite
  }

  package init(undefined reason: UndefinedTest) {
    value = nil
    interval = nil
    self.reason = reason
  }
}
