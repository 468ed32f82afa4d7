// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

/** What an HSM is asked for. */
enum HsmCall {
  // spotless:off
  RANDOM             ("Random"),
  HMAC               ("Hmac"),
  SIGN               ("Sign"),
  DECRYPT            ("Decrypt"),
  AGREE              ("Agree"),
  GENERATE_KEY       ("GenerateKey"),
  OPEN_KEY           ("OpenKey"),
  CLOSE_KEY          ("CloseKey"),
  REWRAP_KEY         ("RewrapKey"),
  DESTROY_KEY        ("DestroyKey"),
  CREATE_DOMAIN_KEY  ("CreateDomainKey"),
  FIND_DOMAIN_KEY    ("FindDomainKey"),
  DESTROY_DOMAIN_KEY ("DestroyDomainKey");
  // spotless:on

  private final String label;

  HsmCall(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
