// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import java.util.List;
import java.util.Locale;

/**
 * The condition keys of AWS that no request here could ever have, with the reason: a policy that
 * names one is refused when it is put, because its statement would never do what it says.
 */
public final class RefusedConditionKeys {
  private static final String NO_SERVICES = "no AWS service is a principal here";
  private static final String NO_ORGANIZATIONS = "there are no organizations here";
  private static final String NO_VPC = "requests do not come through a VPC";
  private static final String NO_ENCLAVES = "there are no enclaves whose attestation it could be";

  /** Prefixes in lower case, each with its reason. */
  private static final List<List<String>> REFUSED =
      List.of(
          List.of("kms:recipientattestation:", NO_ENCLAVES),
          List.of("kms:grantconstraintsourcearn", "grants here have no such constraint"),
          List.of("kms:granteeserviceprincipal", NO_SERVICES),
          List.of("kms:retiringserviceprincipal", NO_SERVICES),
          List.of("aws:principalservicename", NO_SERVICES),
          List.of("aws:principalorg", NO_ORGANIZATIONS),
          List.of("aws:resourceorg", NO_ORGANIZATIONS),
          List.of("aws:sourceorg", NO_ORGANIZATIONS),
          List.of("aws:vpceorg", NO_ORGANIZATIONS),
          List.of("aws:assumedroot", NO_ORGANIZATIONS),
          List.of("aws:sourcevpc", NO_VPC),
          List.of("aws:vpcsourceip", NO_VPC),
          List.of("aws:vpceaccount", NO_VPC),
          List.of("aws:ec2instance", "there are no EC2 instances here"),
          List.of("aws:federatedprovider", "there is no federation here"),
          List.of("aws:chatbotsourcearn", NO_SERVICES),
          List.of("aws:useragent", "a caller can write anything in it"),
          List.of("aws:referer", "requests have no web page that they come from"));

  private RefusedConditionKeys() {}

  /** Returns why AWS's key of that name has no meaning here; empty for a name that AWS has not. */
  public static String reason(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return REFUSED.stream()
        .filter(entry -> lower.startsWith(entry.get(0)))
        .map(entry -> entry.get(1))
        .findFirst()
        .orElse("");
  }
}
