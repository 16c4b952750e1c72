/// The functions of OpenSlide that are used; the library is opened by the first call, so that a kernel starts without it.
#ifndef TESSERA_COPENSLIDE_H
#define TESSERA_COPENSLIDE_H

#include <openslide/openslide.h>

#endif
