/// The library that is opened when a model is: OpenVINO as the functions of CInferenceEngine.
#ifndef TESSERA_COPENVINO_H
#define TESSERA_COPENVINO_H

#include "CInferenceEngine.h"

#ifdef __cplusplus
extern "C" {
#endif

const tessera_engine *_Nonnull tessera_openvino_engine(void);

#ifdef __cplusplus
}
#endif

#endif
