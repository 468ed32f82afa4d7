// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A token behind a PKCS#11 module.
 *
 * <p>Thread-safe. A token that was removed, reset or restarted is used again as soon as it is back;
 * until then calls fail with {@link HsmException.Unavailable}. The module stays loaded and
 * initialized until the JVM ends. In one JVM, all users of a token share its login (PKCS#11 v2.40
 * §2.5).
 */
public final class Pkcs11Hsm implements DomainKeyCarrier {
  /** The name by which a module is accepted that wraps out keys that are not extractable. */
  private static final String WRAPS_UNEXTRACTABLE = "wraps-unextractable";

  private static final int MAX_RANDOM = 65_536;

  private final TokenLink link;
  private final TokenTraits traits;
  private final HsmInfo info;

  private Pkcs11Hsm(TokenLink link, TokenTraits traits) {
    this.link = link;
    this.traits = traits;
    this.info = info(link, traits);
  }

  static HsmInfo info(TokenLink link, TokenTraits traits) {
    TokenLogin.Token token = link.login().token();
    return new HsmInfo(
        true,
        token.manufacturer(),
        token.model(),
        token.serial(),
        token.label(),
        link.login().module().description() + ", token " + token.firmware(),
        traits.specs(),
        traits.policies(),
        traits.wrapsUnextractable() ? Set.of(WRAPS_UNEXTRACTABLE) : Set.of(),
        traits.notes());
  }

  /** Refuses a module that lets keys out, unless somebody accepted that. */
  static void requireAccepted(TokenTraits traits, HsmUri.Pkcs11 uri, Set<String> accepted) {
    if (traits.wrapsUnextractable() && !accepted.contains(WRAPS_UNEXTRACTABLE)) {
      throw new HsmException.Untrustworthy(
          "The module "
              + uri.modulePath()
              + " wraps out keys that are not extractable, so code with the PIN can read keys that"
              + " should stay in the token. Use another module, or accept that with hsm.accept="
              + WRAPS_UNEXTRACTABLE
              + ".");
    }
  }

  /**
   * Loads the module, logs in to the token and tries what it can do.
   *
   * @param acceptedWeaknesses names of what may be wrong with the module; known is {@code
   *     wraps-unextractable}
   * @throws HsmException.Unavailable if the module or the token is not there
   * @throws HsmException.LoginFailed if the token refused the PIN, which was tried once
   * @throws HsmException.Unsupported if the token lacks something that every domain key needs
   * @throws HsmException.Untrustworthy if it has a weakness that is not accepted
   */
  public static Pkcs11Hsm open(HsmUri.Pkcs11 uri, Set<String> acceptedWeaknesses) {
    return TokenLink.open(
        uri,
        link -> {
          TokenTraits traits = TokenProbe.run(link);
          requireAccepted(traits, uri, acceptedWeaknesses);
          return new Pkcs11Hsm(link, traits);
        });
  }

  @Override
  public HsmInfo info() {
    return info;
  }

  @Override
  public DomainKey createDomainKey(DomainKeyId id, WrapPolicy policy) {
    requireKept(policy);
    DomainKeyCreation creation = DomainKeyCreation.birth(id, policy, traits);
    try {
      return new Pkcs11DomainKey(id, link, traits, link.change(creation::run));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  private void requireKept(WrapPolicy policy) {
    if (!info.wrapPolicies().contains(policy)) {
      throw new HsmException.Unsupported(
          "The token "
              + link.login().name()
              + " cannot keep the wrap policy "
              + policy
              + ". Choose one of "
              + info.wrapPolicies()
              + ".");
    }
  }

  @Override
  public DomainKeyShipment createForTransport(
      DomainKeyId id, WrapPolicy policy, List<byte[]> receivers) {
    requireKept(policy);
    DomainKeyDispatch dispatch = new DomainKeyDispatch(traits, receivers);
    try {
      return link.workLong(session -> dispatch.create(session, id, policy));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public DomainKeyShipment export(DomainKeyId id, List<byte[]> receivers) {
    DomainKey key =
        findDomainKey(id)
            .orElseThrow(
                () ->
                    new HsmException.Unavailable(
                        "The token " + link.login().name() + " has no domain key " + id + ".",
                        null));
    DomainKeyDispatch dispatch = new DomainKeyDispatch(traits, receivers);
    try {
      return link.workLong(session -> dispatch.export(session, key));
    } catch (Pkcs11Exception e) {
      if (e.meaning() == Ckr.Meaning.REFUSED) {
        throw unextractable(id);
      }
      throw link.translate(e);
    }
  }

  private HsmException.Unsupported unextractable(DomainKeyId id) {
    return new HsmException.Unsupported(
        "Domain key "
            + id
            + " does not leave the token "
            + link.login().name()
            + ": its keys are not extractable, by nobody. A new version can be made for several"
            + " tokens at once: name them all in the setting hsm and run 'cloudhsm"
            + " rotate-domain-key'.");
  }

  @Override
  public List<DomainKeyReceiver> openReceivers(DomainKeyId id) {
    if (findDomainKey(id).isPresent()) {
      return List.of();
    }
    try {
      return List.of(Pkcs11Receiver.open(link, traits));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id) {
    DomainObjects objects = new DomainObjects(id);
    DomainKeyCheck check = new DomainKeyCheck(objects, traits);
    try {
      return link.workLong(
              session -> {
                session.requireAlive();
                return objects.find(session).map(found -> check.run(session, found));
              })
          .map(checked -> new Pkcs11DomainKey(id, link, traits, checked));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public void destroyDomainKey(DomainKeyId id) {
    try {
      link.change(
          session -> {
            new DomainObjects(id).destroy(session);
            return true;
          });
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public byte[] random(int length) {
    return random(link, length);
  }

  static byte[] random(TokenLink link, int length) {
    if (length < 1 || length > MAX_RANDOM) {
      throw new IllegalArgumentException("1 to 65536 random bytes, not " + length + ".");
    }
    try {
      return link.work(session -> session.random(length));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
