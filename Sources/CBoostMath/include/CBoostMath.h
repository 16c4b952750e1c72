#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

#ifdef __cplusplus
extern "C" {
#endif

/// The probability that an F-distributed variable with (numerator, denominator) degrees of freedom exceeds `f`.
///
/// `f` may be +infinity (0). NaN for a negative or NaN `f`, or degrees of freedom that are not positive and finite.
double boost_math_f_survival(double f, double numerator, double denominator);

#ifdef __cplusplus
}
#endif

#endif
