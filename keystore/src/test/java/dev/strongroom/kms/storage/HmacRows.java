// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Real HMAC-SHA256 under fixed keys, one per version, in the place of the HSM; counts its calls.
 */
public final class HmacRows implements RowAuthenticator {
  private final String domain;
  private final AtomicInteger calls = new AtomicInteger();

  public HmacRows(String domain) {
    this.domain = domain;
  }

  @Override
  public int currentVersion() {
    return 1;
  }

  @Override
  public byte[] mac(int domainVersion, byte[] hash) {
    calls.incrementAndGet();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = (domain + "/" + domainVersion).getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  int calls() {
    return calls.get();
  }
}
