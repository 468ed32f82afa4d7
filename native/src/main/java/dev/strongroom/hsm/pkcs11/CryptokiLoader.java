// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.SymbolProvider;
import com.sun.jna.ptr.PointerByReference;
import dev.strongroom.hsm.HsmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads a module and binds its functions through C_GetFunctionList, the one symbol that each module
 * must export (PKCS#11 v2.40 §3.6).
 */
final class CryptokiLoader {

  /** CK_FUNCTION_LIST in its order, which never changes (PKCS#11 v2.40 §3.6). */
  private static final List<String> FUNCTION_LIST =
      List.of(
          ("C_Initialize C_Finalize C_GetInfo C_GetFunctionList C_GetSlotList C_GetSlotInfo"
                  + " C_GetTokenInfo C_GetMechanismList C_GetMechanismInfo C_InitToken C_InitPIN"
                  + " C_SetPIN C_OpenSession C_CloseSession C_CloseAllSessions C_GetSessionInfo"
                  + " C_GetOperationState C_SetOperationState C_Login C_Logout C_CreateObject"
                  + " C_CopyObject C_DestroyObject C_GetObjectSize C_GetAttributeValue"
                  + " C_SetAttributeValue C_FindObjectsInit C_FindObjects C_FindObjectsFinal"
                  + " C_EncryptInit C_Encrypt C_EncryptUpdate C_EncryptFinal C_DecryptInit"
                  + " C_Decrypt C_DecryptUpdate C_DecryptFinal C_DigestInit C_Digest"
                  + " C_DigestUpdate C_DigestKey C_DigestFinal C_SignInit C_Sign C_SignUpdate"
                  + " C_SignFinal C_SignRecoverInit C_SignRecover C_VerifyInit C_Verify"
                  + " C_VerifyUpdate C_VerifyFinal C_VerifyRecoverInit C_VerifyRecover"
                  + " C_DigestEncryptUpdate C_DecryptDigestUpdate C_SignEncryptUpdate"
                  + " C_DecryptVerifyUpdate C_GenerateKey C_GenerateKeyPair C_WrapKey C_UnwrapKey"
                  + " C_DeriveKey C_SeedRandom C_GenerateRandom")
              .split(" "));

  /** Of {@code dlfcn.h}, without RTLD_GLOBAL. */
  private static final int RTLD_NOW = 2;

  private CryptokiLoader() {}

  /**
   * Loads the library at {@code path}.
   *
   * @throws HsmException.Unavailable if it cannot be loaded or is no PKCS#11 module
   */
  static Cryptoki load(Path path) {
    Pointer list = functionList(path);
    SymbolProvider byList = (handle, name, parent) -> address(list, name);
    NativeLibrary library =
        NativeLibrary.getInstance(
            path.toString(), options(Map.of(Library.OPTION_SYMBOL_PROVIDER, byList)));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bindingClass(), true);
      Native.register(lookup.lookupClass(), library);
      return (Cryptoki) lookup.lookupClass().getDeclaredConstructor().newInstance();
    } catch (IllegalAccessException
        | InstantiationException
        | NoSuchMethodException
        | InvocationTargetException e) {
      throw new LinkageError("DirectCryptoki lacks its constructor", e);
    }
  }

  /**
   * JNA's default, RTLD_GLOBAL, would let a second module call the functions of the first: all
   * modules have functions of the same names.
   */
  private static Map<String, Object> options(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(more);
    if (Abi.HERE == Abi.UNIX) {
      options.put(Library.OPTION_OPEN_FLAGS, RTLD_NOW);
    }
    return options;
  }

  private static Pointer functionList(Path path) {
    try {
      Function getter =
          NativeLibrary.getInstance(path.toString(), options(Map.of()))
              .getFunction("C_GetFunctionList");
      PointerByReference list = new PointerByReference();
      long code = Abi.HERE.unsigned(getter.invokeLong(new Object[] {list}));
      Pointer found = list.getValue();
      if (code == 0 && found != null) {
        return found;
      }
      throw new HsmException.Unavailable(
          path + " gives no function list: " + Ckr.describe(code) + ". Ask the module's vendor.",
          null);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new HsmException.Unavailable(
          "Cannot load the PKCS#11 module "
              + path
              + ": "
              + e.getMessage()
              + ". Correct module-path in the setting hsm; if the message is about jnidispatch, set"
              + " -Djna.tmpdir to a folder from which programs may run.",
          e);
    }
  }

  private static long address(Pointer list, String name) {
    int index = FUNCTION_LIST.indexOf(name);
    if (index < 0) {
      throw new UnsatisfiedLinkError(name + " is not in CK_FUNCTION_LIST");
    }
    // A CK_VERSION comes first, with padding where the platform aligns.
    int first = Abi.HERE.layout("V P")[1];
    return Pointer.nativeValue(list.getPointer(first + 8L * index));
  }

  private static byte[] bindingClass() {
    try (InputStream in = DirectCryptoki.class.getResourceAsStream("DirectCryptoki.class")) {
      if (in == null) {
        throw new AssertionError("The class file of DirectCryptoki is not beside it");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
