#include "COpenBLAS.h"

#include "CLateLibrary.h"

static const char *const openblas[] = {"libopenblas.so.0", NULL};
static const char *const lapacke[] = {"liblapacke.so.3", NULL};

TESSERA_LATE_FUNCTION(openblas, void, openblas_set_num_threads, (int count), (count))

TESSERA_LATE_FUNCTION(openblas, void, cblas_sgemm,
                      (const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE transposeA,
                       const enum CBLAS_TRANSPOSE transposeB, const blasint m, const blasint n, const blasint k,
                       const float alpha, const float *a, const blasint lda, const float *b, const blasint ldb,
                       const float beta, float *c, const blasint ldc),
                      (order, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))

TESSERA_LATE_FUNCTION(openblas, void, cblas_ssyrk,
                      (const enum CBLAS_ORDER order, const enum CBLAS_UPLO uplo, const enum CBLAS_TRANSPOSE transpose,
                       const blasint n, const blasint k, const float alpha, const float *a, const blasint lda,
                       const float beta, float *c, const blasint ldc),
                      (order, uplo, transpose, n, k, alpha, a, lda, beta, c, ldc))

TESSERA_LATE_FUNCTION(lapacke, lapack_int, LAPACKE_ssyevd,
                      (int order, char job, char uplo, lapack_int n, float *a, lapack_int lda, float *w),
                      (order, job, uplo, n, a, lda, w))
