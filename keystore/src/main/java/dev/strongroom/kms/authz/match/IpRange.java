// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses: RFC 4632's notation for version 4, RFC 4291's for version 6. Read here
 * and not by InetAddress, which would ask the network about a text that is no address.
 */
final class IpRange {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private final byte[] address;
  private final int bits;

  private IpRange(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** Returns the range of a text, one address being a range too; null where it is none. */
  static @Nullable IpRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    if (slash < 0) {
      return new IpRange(address, 8 * address.length);
    }
    String length = text.substring(slash + 1);
    if (!NUMBER.matcher(length).matches() || Integer.parseInt(length) > 8 * address.length) {
      return null;
    }
    return new IpRange(address, Integer.parseInt(length));
  }

  /** Returns whether a text is an address of this range. */
  boolean contains(String text) {
    byte[] other = address(text);
    if (other == null || other.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != other[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  private static byte @Nullable [] address(String text) {
    return text.indexOf(':') < 0 ? version4(text) : version6(text);
  }

  private static byte @Nullable [] version4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] address = new byte[4];
    if (parts.length != 4) {
      return null;
    }
    for (int i = 0; i < 4; i++) {
      if (!NUMBER.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    return address;
  }

  /** {@code ::} stands once for as many groups of zero as are missing. */
  private static byte @Nullable [] version6(String text) {
    int gap = text.indexOf("::");
    String head = gap < 0 ? text : text.substring(0, gap);
    String tail = gap < 0 ? "" : text.substring(gap + 2);
    String[] before = head.isEmpty() ? new String[0] : head.split(":", -1);
    String[] after = tail.isEmpty() ? new String[0] : tail.split(":", -1);
    int groups = before.length + after.length;
    if (gap < 0 ? groups != 8 : groups > 7) {
      return null;
    }
    byte[] address = new byte[16];
    return put(before, address, 0) && put(after, address, 16 - 2 * after.length) ? address : null;
  }

  private static boolean put(String[] groups, byte[] address, int at) {
    for (String group : groups) {
      if (!GROUP.matcher(group).matches()) {
        return false;
      }
      int value = Integer.parseInt(group, 16);
      address[at++] = (byte) (value >>> 8);
      address[at++] = (byte) value;
    }
    return true;
  }
}
