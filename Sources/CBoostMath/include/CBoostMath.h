#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

#ifdef __cplusplus
extern "C" {
#endif

/// The probability that an F-distributed variable with (numerator, denominator) degrees of freedom exceeds `f`.
///
/// `f` may be +infinity (0). NaN for a negative or NaN `f`, or degrees of freedom that are not positive and finite.
double boost_math_f_survival(double f, double numerator, double denominator);

/// The probability that a t-distributed variable is farther from 0 than `t`; 0 for an infinite one.
///
/// NaN for a NaN `t`, or degrees of freedom that are not positive and finite.
double boost_math_t_both_tails(double t, double degrees);

/// The probability that a chi-squared variable exceeds `x`; NaN for a negative or NaN `x`, or degrees of freedom that are
/// not positive and finite.
double boost_math_chi_squared_survival(double x, double degrees);

/// The probability that a standard normal variable exceeds `z`; NaN for a NaN `z`.
double boost_math_normal_survival(double z);

/// The standard normal quantile; NaN outside of (0, 1).
double boost_math_normal_quantile(double p);

/// Γ(a) / Γ(b) of positive numbers, without overflow of either; NaN of others.
double boost_math_gamma_ratio(double a, double b);

/// The probability that a noncentral F variable is at most `f`; NaN where it cannot be had.
double boost_math_noncentral_f_cdf(double f, double numerator, double denominator, double noncentrality);

/// The probability that a noncentral t variable is at most `t`; NaN where it cannot be had.
double boost_math_noncentral_t_cdf(double t, double degrees, double noncentrality);

#ifdef __cplusplus
}
#endif

#endif
