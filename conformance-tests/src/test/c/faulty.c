// SPDX-License-Identifier: Apache-2.0
//
// A PKCS#11 module in front of another one, which fails as it is told to. It stands beside two
// files of its own name: NAME.so.module has the path of the real module, NAME.so.faults has a line
// for each fault, read anew at each call:
//
//   FUNCTION CODE        the function returns that code and is not called
//   FUNCTION sleep MS    the function is called after so many milliseconds
//
// Every argument of a PKCS#11 function is an integer or a pointer that travels like an unsigned
// long, so one wrapper passes any of them on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef ulong_t (*function_t)(ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t);

#define FUNCTIONS 68

struct list {
  unsigned char version[2];
  function_t functions[FUNCTIONS];
};

static struct list *real;
static struct list ours;
static char own_path[4000];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *const names[FUNCTIONS] = {
    "C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList",
    "C_GetSlotInfo", "C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo", "C_InitToken",
    "C_InitPIN", "C_SetPIN", "C_OpenSession", "C_CloseSession", "C_CloseAllSessions",
    "C_GetSessionInfo", "C_GetOperationState", "C_SetOperationState", "C_Login", "C_Logout",
    "C_CreateObject", "C_CopyObject", "C_DestroyObject", "C_GetObjectSize", "C_GetAttributeValue",
    "C_SetAttributeValue", "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal",
    "C_EncryptInit", "C_Encrypt", "C_EncryptUpdate", "C_EncryptFinal", "C_DecryptInit",
    "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal", "C_DigestInit", "C_Digest",
    "C_DigestUpdate", "C_DigestKey", "C_DigestFinal", "C_SignInit", "C_Sign", "C_SignUpdate",
    "C_SignFinal", "C_SignRecoverInit", "C_SignRecover", "C_VerifyInit", "C_Verify",
    "C_VerifyUpdate", "C_VerifyFinal", "C_VerifyRecoverInit", "C_VerifyRecover",
    "C_DigestEncryptUpdate", "C_DecryptDigestUpdate", "C_SignEncryptUpdate",
    "C_DecryptVerifyUpdate", "C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey",
    "C_DeriveKey", "C_SeedRandom", "C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction",
    "C_WaitForSlotEvent"};

// Returns the code to fail with, or 0; sleeps where that is the fault.
static ulong_t fault(int function) {
  char path[4096];
  snprintf(path, sizeof path, "%s.faults", own_path);
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    return 0;
  }
  char line[256];
  char name[64];
  char what[64];
  unsigned millis = 0;
  ulong_t code = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    int fields = sscanf(line, "%63s %63s %u", name, what, &millis);
    if (fields < 2 || strcmp(name, names[function]) != 0) {
      continue;
    }
    if (strcmp(what, "sleep") == 0) {
      fclose(file);
      usleep(millis * 1000);
      return 0;
    }
    code = strtoul(what, NULL, 0);
    break;
  }
  fclose(file);
  return code;
}

#define WRAP(n)                                                                                   \
  static ulong_t wrap_##n(ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f,       \
                          ulong_t g, ulong_t h) {                                                 \
    ulong_t code = fault(n);                                                                      \
    return code != 0 ? code : real->functions[n](a, b, c, d, e, f, g, h);                         \
  }
#define WRAP_TEN(t)                                                                               \
  WRAP(t##0) WRAP(t##1) WRAP(t##2) WRAP(t##3) WRAP(t##4) WRAP(t##5) WRAP(t##6) WRAP(t##7)         \
  WRAP(t##8) WRAP(t##9)
WRAP(0) WRAP(1) WRAP(2) WRAP(3) WRAP(4) WRAP(5) WRAP(6) WRAP(7) WRAP(8) WRAP(9)
WRAP_TEN(1) WRAP_TEN(2) WRAP_TEN(3) WRAP_TEN(4) WRAP_TEN(5)
WRAP(60) WRAP(61) WRAP(62) WRAP(63) WRAP(64) WRAP(65) WRAP(66) WRAP(67)

#define NAME(n) wrap_##n,
#define NAME_TEN(t)                                                                               \
  NAME(t##0) NAME(t##1) NAME(t##2) NAME(t##3) NAME(t##4) NAME(t##5) NAME(t##6) NAME(t##7)         \
  NAME(t##8) NAME(t##9)
static const function_t wrappers[FUNCTIONS] = {
    NAME(0) NAME(1) NAME(2) NAME(3) NAME(4) NAME(5) NAME(6) NAME(7) NAME(8) NAME(9)
    NAME_TEN(1) NAME_TEN(2) NAME_TEN(3) NAME_TEN(4) NAME_TEN(5)
    NAME(60) NAME(61) NAME(62) NAME(63) NAME(64) NAME(65) NAME(66) NAME(67)};

static void load(void) {
  Dl_info self;
  if (dladdr((void *)&load, &self) == 0) {
    return;
  }
  snprintf(own_path, sizeof own_path, "%s", self.dli_fname);
  char path[4096];
  char module[4096] = "";
  snprintf(path, sizeof path, "%s.module", own_path);
  FILE *file = fopen(path, "re");
  if (file == NULL || fgets(module, sizeof module, file) == NULL) {
    return;
  }
  fclose(file);
  module[strcspn(module, "\n")] = 0;
  void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    return;
  }
  ulong_t (*get)(struct list **) = (ulong_t(*)(struct list **))dlsym(library, "C_GetFunctionList");
  if (get == NULL || get(&real) != 0) {
    real = NULL;
    return;
  }
  memcpy(ours.version, real->version, sizeof ours.version);
  memcpy(ours.functions, wrappers, sizeof wrappers);
}

ulong_t C_GetFunctionList(struct list **list) {
  pthread_once(&once, load);
  if (real == NULL) {
    return 5; // CKR_GENERAL_ERROR
  }
  *list = &ours;
  return 0;
}
