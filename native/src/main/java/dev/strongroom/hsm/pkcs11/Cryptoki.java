// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/**
 * The PKCS#11 v2.40 functions we call (§5), spelled as in {@code pkcs11f.h}.
 *
 * <p>Every CK_ULONG, handle and pointer is a {@code long}: on all 64-bit platforms one travels in
 * one register, and no other type is as cheap in JNA (a NativeLong costs 4 times the whole call).
 * Results are CK_RV, of which {@link Abi#unsigned} takes the part that is defined.
 */
interface Cryptoki {

  /** §5.4. */
  long C_Initialize(long pInitArgs);

  /** §5.4. Ends the library for everybody in this process. */
  long C_Finalize(long pReserved);

  /** §5.4. */
  long C_GetInfo(long pInfo);

  /** §5.5. {@code pSlotList} 0 asks for the count only. */
  long C_GetSlotList(byte tokenPresent, long pSlotList, long pulCount);

  /** §5.5. */
  long C_GetTokenInfo(long slotId, long pInfo);

  /** §5.5. {@code pMechanismList} 0 asks for the count only. */
  long C_GetMechanismList(long slotId, long pMechanismList, long pulCount);

  /** §5.5. */
  long C_GetMechanismInfo(long slotId, long type, long pInfo);

  /** §5.6. {@code flags} must contain CKF_SERIAL_SESSION; application and notify are 0. */
  long C_OpenSession(long slotId, long flags, long pApplication, long notify, long phSession);

  /** §5.6. */
  long C_GetSessionInfo(long hSession, long pInfo);

  /** §5.6. Destroys the session objects that were made in this session. */
  long C_CloseSession(long hSession);

  /** §5.6. Logs in all sessions that the process has with this token. */
  long C_Login(long hSession, long userType, long pPin, long ulPinLen);

  /** §5.7. */
  long C_CreateObject(long hSession, long pTemplate, long ulCount, long phObject);

  /** §5.7. */
  long C_DestroyObject(long hSession, long hObject);

  /** §5.7. */
  long C_GetAttributeValue(long hSession, long hObject, long pTemplate, long ulCount);

  /** §5.7. */
  long C_FindObjectsInit(long hSession, long pTemplate, long ulCount);

  /** §5.7. */
  long C_FindObjects(long hSession, long phObject, long ulMaxObjectCount, long pulObjectCount);

  /** §5.7. */
  long C_FindObjectsFinal(long hSession);

  /** §5.9. */
  long C_DecryptInit(long hSession, long pMechanism, long hKey);

  /** §5.9. */
  long C_Decrypt(
      long hSession, long pEncryptedData, long ulEncryptedDataLen, long pData, long pulDataLen);

  /** §5.11. */
  long C_SignInit(long hSession, long pMechanism, long hKey);

  /** §5.11. */
  long C_Sign(long hSession, long pData, long ulDataLen, long pSignature, long pulSignatureLen);

  /** §5.13. */
  long C_GenerateKey(long hSession, long pMechanism, long pTemplate, long ulCount, long phKey);

  /** §5.13. */
  long C_GenerateKeyPair(
      long hSession,
      long pMechanism,
      long pPublicKeyTemplate,
      long ulPublicKeyAttributeCount,
      long pPrivateKeyTemplate,
      long ulPrivateKeyAttributeCount,
      long phPublicKey,
      long phPrivateKey);

  /** §5.13. */
  long C_WrapKey(
      long hSession,
      long pMechanism,
      long hWrappingKey,
      long hKey,
      long pWrappedKey,
      long pulWrappedKeyLen);

  /** §5.13. */
  long C_UnwrapKey(
      long hSession,
      long pMechanism,
      long hUnwrappingKey,
      long pWrappedKey,
      long ulWrappedKeyLen,
      long pTemplate,
      long ulAttributeCount,
      long phKey);

  /** §5.13. */
  long C_DeriveKey(
      long hSession,
      long pMechanism,
      long hBaseKey,
      long pTemplate,
      long ulAttributeCount,
      long phKey);

  /** §5.14. Fills all of {@code randomData}. */
  long C_GenerateRandom(long hSession, long randomData, long ulRandomLen);
}
