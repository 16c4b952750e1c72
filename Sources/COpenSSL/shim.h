#pragma once
// Before the headers: else they warn of the plain SHA-256 below, which needs no provider to be loaded.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>
