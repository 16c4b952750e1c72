#include "CBoostMath.h"

#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <limits>

namespace {

namespace policies = boost::math::policies;

// Every error becomes a value: an exception must not cross into Swift.
using QuietPolicy = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>, policies::indeterminate_result_error<policies::ignore_error>,
    // A long double inside costs little and keeps the tails exact to the last digits of a double.
    policies::promote_double<true>>;

}  // namespace

extern "C" double boost_math_f_survival(double f, double numerator, double denominator) {
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  if (!(f >= 0) || !(numerator > 0) || !(denominator > 0)) return undefined;
  if (!std::isfinite(numerator) || !std::isfinite(denominator)) return undefined;
  if (std::isinf(f)) return 0;
  try {
    boost::math::fisher_f_distribution<double, QuietPolicy> distribution(numerator, denominator);
    return boost::math::cdf(boost::math::complement(distribution, f));
  } catch (...) {
    return undefined;
  }
}
