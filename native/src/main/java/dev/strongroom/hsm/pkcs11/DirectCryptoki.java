// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/**
 * {@link Cryptoki} as native methods, which JNA binds directly to a module's functions.
 *
 * <p>JNA binds a class to one library, once. {@link CryptokiLoader} therefore never registers this
 * class itself but a hidden copy of it for each module.
 */
final class DirectCryptoki implements Cryptoki {

  DirectCryptoki() {}

  @Override
  public native long C_Initialize(long pInitArgs);

  @Override
  public native long C_Finalize(long pReserved);

  @Override
  public native long C_GetInfo(long pInfo);

  @Override
  public native long C_GetSlotList(byte tokenPresent, long pSlotList, long pulCount);

  @Override
  public native long C_GetTokenInfo(long slotId, long pInfo);

  @Override
  public native long C_GetMechanismList(long slotId, long pMechanismList, long pulCount);

  @Override
  public native long C_GetMechanismInfo(long slotId, long type, long pInfo);

  @Override
  public native long C_OpenSession(
      long slotId, long flags, long pApplication, long notify, long phSession);

  @Override
  public native long C_GetSessionInfo(long hSession, long pInfo);

  @Override
  public native long C_CloseSession(long hSession);

  @Override
  public native long C_Login(long hSession, long userType, long pPin, long ulPinLen);

  @Override
  public native long C_CreateObject(long hSession, long pTemplate, long ulCount, long phObject);

  @Override
  public native long C_DestroyObject(long hSession, long hObject);

  @Override
  public native long C_GetAttributeValue(long hSession, long hObject, long pTemplate, long ulCount);

  @Override
  public native long C_FindObjectsInit(long hSession, long pTemplate, long ulCount);

  @Override
  public native long C_FindObjects(
      long hSession, long phObject, long ulMaxObjectCount, long pulObjectCount);

  @Override
  public native long C_FindObjectsFinal(long hSession);

  @Override
  public native long C_DecryptInit(long hSession, long pMechanism, long hKey);

  @Override
  public native long C_Decrypt(
      long hSession, long pEncryptedData, long ulEncryptedDataLen, long pData, long pulDataLen);

  @Override
  public native long C_SignInit(long hSession, long pMechanism, long hKey);

  @Override
  public native long C_Sign(
      long hSession, long pData, long ulDataLen, long pSignature, long pulSignatureLen);

  @Override
  public native long C_GenerateKey(
      long hSession, long pMechanism, long pTemplate, long ulCount, long phKey);

  @Override
  public native long C_GenerateKeyPair(
      long hSession,
      long pMechanism,
      long pPublicKeyTemplate,
      long ulPublicKeyAttributeCount,
      long pPrivateKeyTemplate,
      long ulPrivateKeyAttributeCount,
      long phPublicKey,
      long phPrivateKey);

  @Override
  public native long C_WrapKey(
      long hSession,
      long pMechanism,
      long hWrappingKey,
      long hKey,
      long pWrappedKey,
      long pulWrappedKeyLen);

  @Override
  public native long C_UnwrapKey(
      long hSession,
      long pMechanism,
      long hUnwrappingKey,
      long pWrappedKey,
      long ulWrappedKeyLen,
      long pTemplate,
      long ulAttributeCount,
      long phKey);

  @Override
  public native long C_DeriveKey(
      long hSession,
      long pMechanism,
      long hBaseKey,
      long pTemplate,
      long ulAttributeCount,
      long phKey);

  @Override
  public native long C_GenerateRandom(long hSession, long randomData, long ulRandomLen);
}
