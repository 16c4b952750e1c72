#include "CBoostMath.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace {

namespace policies = boost::math::policies;

// Every error becomes a value: an exception must not cross into Swift.
template <bool promotes>
using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>, policies::indeterminate_result_error<policies::ignore_error>,
    policies::promote_double<promotes>>;

// A long double inside costs little and keeps the tails exact to the last digits of a double.
using Exact = Quiet<true>;
// Limits of intervals are roots of a series that is slow in long double and good enough in double.
using Quick = Quiet<false>;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

bool is_degrees(double number) { return number > 0 && std::isfinite(number); }

template <typename Body>
double guarded(Body body) {
  try {
    return body();
  } catch (...) {
    return undefined;
  }
}

}  // namespace

extern "C" double boost_math_f_survival(double f, double numerator, double denominator) {
  if (!(f >= 0) || !is_degrees(numerator) || !is_degrees(denominator)) return undefined;
  if (std::isinf(f)) return 0;
  return guarded([=] {
    boost::math::fisher_f_distribution<double, Exact> distribution(numerator, denominator);
    return boost::math::cdf(boost::math::complement(distribution, f));
  });
}

extern "C" double boost_math_t_both_tails(double t, double degrees) {
  if (std::isnan(t) || !is_degrees(degrees)) return undefined;
  if (std::isinf(t)) return 0;
  return guarded([=] {
    boost::math::students_t_distribution<double, Exact> distribution(degrees);
    return 2 * boost::math::cdf(boost::math::complement(distribution, std::fabs(t)));
  });
}

extern "C" double boost_math_chi_squared_survival(double x, double degrees) {
  if (!(x >= 0) || !is_degrees(degrees)) return undefined;
  if (std::isinf(x)) return 0;
  return guarded([=] {
    boost::math::chi_squared_distribution<double, Exact> distribution(degrees);
    return boost::math::cdf(boost::math::complement(distribution, x));
  });
}

extern "C" double boost_math_normal_survival(double z) {
  if (std::isnan(z)) return undefined;
  return guarded([=] {
    boost::math::normal_distribution<double, Exact> distribution;
    return boost::math::cdf(boost::math::complement(distribution, z));
  });
}

extern "C" double boost_math_normal_quantile(double p) {
  if (!(p > 0 && p < 1)) return undefined;
  return guarded([=] { return boost::math::quantile(boost::math::normal_distribution<double, Exact>(), p); });
}

extern "C" double boost_math_gamma_ratio(double a, double b) {
  if (!is_degrees(a) || !is_degrees(b)) return undefined;
  return guarded([=] { return boost::math::tgamma_ratio(a, b, Exact()); });
}

extern "C" double boost_math_noncentral_f_cdf(double f, double numerator, double denominator, double noncentrality) {
  if (!(f >= 0) || !std::isfinite(f) || !is_degrees(numerator) || !is_degrees(denominator)) return undefined;
  if (!(noncentrality >= 0) || !std::isfinite(noncentrality)) return undefined;
  return guarded([=] {
    boost::math::non_central_f_distribution<double, Quick> distribution(numerator, denominator, noncentrality);
    return boost::math::cdf(distribution, f);
  });
}

extern "C" double boost_math_noncentral_t_cdf(double t, double degrees, double noncentrality) {
  if (!std::isfinite(t) || !is_degrees(degrees) || !std::isfinite(noncentrality)) return undefined;
  return guarded([=] {
    boost::math::non_central_t_distribution<double, Quick> distribution(degrees, noncentrality);
    return boost::math::cdf(distribution, t);
  });
}
