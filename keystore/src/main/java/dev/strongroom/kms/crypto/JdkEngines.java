// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * Says which of the JDK's engines does which primitive of envelope messages and fields, and is the
 * only place there that does.
 *
 * <p>The engines are asked as {@link Provider} objects that were looked up once: the order of the
 * installed providers has no say, so that our own may be the first of them without being called
 * from here, and a lookup costs a quarter of one by name.
 */
public final class JdkEngines {
  private static final Provider SUN = provider("SUN");
  private static final Provider SUN_JCE = provider("SunJCE");

  private JdkEngines() {}

  private static Provider provider(String name) {
    Provider provider = Security.getProvider(name);
    if (provider == null) {
      throw new ProviderException(
          "The JDK's provider "
              + name
              + " is not installed. Put it back into security.providers of java.security; it need"
              + " not be the first.");
    }
    return provider;
  }

  public static Cipher aesGcm() throws GeneralSecurityException {
    return Cipher.getInstance("AES/GCM/NoPadding", SUN_JCE);
  }

  public static Cipher rsaOaep() throws GeneralSecurityException {
    return Cipher.getInstance("RSA/ECB/OAEPPadding", SUN_JCE);
  }

  public static Mac hmacSha256() throws GeneralSecurityException {
    return Mac.getInstance("HmacSHA256", SUN_JCE);
  }

  public static Mac hmacSha512() throws GeneralSecurityException {
    return Mac.getInstance("HmacSHA512", SUN_JCE);
  }

  public static MessageDigest sha384() throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-384", SUN);
  }
}
