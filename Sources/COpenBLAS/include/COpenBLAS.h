/// The functions of OpenBLAS and LAPACKE that are used; the libraries are opened by the first call.
#ifndef TESSERA_COPENBLAS_H
#define TESSERA_COPENBLAS_H

#include <cblas.h>
#include <lapacke.h>

#endif
