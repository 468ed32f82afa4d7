// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Opens the KeyStore's views and keeps them true: whoever changes a key updates them. */
final class KeyStoreViews implements KeyStorage.ChangeListener {
  private static final Logger LOGGER = System.getLogger(KeyStoreViews.class.getName());

  private final Gate gate;
  private final KeyCache keys;
  private final KeyStorage storage;
  private final List<Opened> views = new CopyOnWriteArrayList<>();
  private final AtomicLong changes = new AtomicLong();

  /** A view, and whose it is: it shows the keys of the caller's account. */
  private record Opened(WeakReference<LiveKeyStoreView> view, Caller caller) {
    String account() {
      return caller.accountId();
    }

    boolean isOfAccount(KmsKey key) {
      return key.arn().place().account().equals(account());
    }
  }

  KeyStoreViews(Gate gate, KeyCache keys, KeyStorage storage) {
    this.gate = gate;
    this.keys = keys;
    this.storage = storage;
  }

  /** Returns the view of a caller, as one recorded ListAliases. */
  KeyStoreView open(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.LIST_ALIASES),
        () -> {
          LiveKeyStoreView view = new LiveKeyStoreView(owner(caller), keys::metadata);
          views.add(new Opened(new WeakReference<>(view), caller));
          fill(view, caller.accountId());
          return view;
        });
  }

  private LiveKeyStoreView.Owner owner(Caller caller) {
    return new LiveKeyStoreView.Owner() {
      @Override
      public boolean maySee(KmsKey key) {
        return KeyStoreViews.this.maySee(caller, key);
      }

      @Override
      public Map<String, String> tags(KeyId key) {
        return KeyStoreViews.this.tags(caller, key);
      }

      @Override
      public void requireLive() {
        gate.requireLive(Call.of(caller, Operation.LIST_ALIASES));
      }
    };
  }

  private List<KeyStoreView.Trusted> trusted(String account) {
    return storage.listTrustedCertificates(account).stream()
        .map(
            row ->
                new KeyStoreView.Trusted(
                    row.name(),
                    new KeyStoreView.Certificate(row.certificate().toBytes()),
                    row.creationDate()))
        .toList();
  }

  private void fill(LiveKeyStoreView view, String account) {
    long before;
    do {
      // A change while the keys are read could be overwritten by what was read before it.
      before = changes.get();
      List<KmsKey> all = storage.loadAll(account);
      view.replace(ids(all), all);
      view.replaceTrusted(trusted(account));
    } while (changes.get() != before);
  }

  private static Set<KeyId> ids(List<KmsKey> keys) {
    return keys.stream().map(KmsKey::keyId).collect(Collectors.toSet());
  }

  private boolean maySee(Caller caller, KmsKey key) {
    // Listing names needs no right on the key, and the account's owner may list them all.
    boolean isOwner =
        caller.kind() == Caller.Kind.ROOT && caller.accountId().equals(key.arn().place().account());
    return isOwner
        || keys.find(key.keyId())
            .map(live -> gate.wouldAdmit(Call.of(caller, Operation.DESCRIBE_KEY), live))
            .orElse(false);
  }

  /** Not at the owner's call alone: a key policy can keep tags from the account. */
  private Map<String, String> tags(Caller caller, KeyId key) {
    Call call = Call.of(caller, Operation.LIST_RESOURCE_TAGS).naming(key);
    gate.requireLive(call);
    return keys.find(key)
        .filter(live -> !live.key().tags().isEmpty())
        .filter(live -> gate.wouldAdmit(call, live))
        .map(live -> live.key().tags())
        .orElse(Map.of());
  }

  /** Shows what is so of keys, or to a caller whose calls are refused what is left of it. */
  private void show(
      LiveKeyStoreView view, Opened opened, Set<KeyId> changed, Collection<KmsKey> found) {
    if (gate.isLive(opened.caller())) {
      view.replace(changed, found);
    } else {
      view.withdraw(changed, found);
    }
  }

  private void showTrusted(
      LiveKeyStoreView view, Opened opened, Collection<KeyStoreView.Trusted> certificates) {
    if (gate.isLive(opened.caller())) {
      view.replaceTrusted(certificates);
    } else {
      view.withdrawTrusted(certificates);
    }
  }

  /**
   * Shows callers what they may see now that policies of identities were changed. An access key may
   * be active again: then trusted certificates come in, too, that were held back.
   */
  private synchronized void identitiesChanged() {
    Map<String, List<KmsKey>> accounts = new HashMap<>();
    Map<String, List<KeyStoreView.Trusted>> certificates = new HashMap<>();
    for (Opened opened : views) {
      LiveKeyStoreView view = opened.view().get();
      try {
        if (view != null) {
          List<KmsKey> all = accounts.computeIfAbsent(opened.account(), storage::loadAll);
          show(view, opened, ids(all), all);
          showTrusted(view, opened, certificates.computeIfAbsent(opened.account(), this::trusted));
        }
      } catch (KmsException e) {
        LOGGER.log(Level.WARNING, "A KeyStore view keeps its old entries: " + e.getMessage());
      }
    }
  }

  /** Takes the keys anew that were changed. */
  @Override
  public void changed(Set<KeyId> ids, boolean identities) {
    changes.incrementAndGet();
    views.removeIf(opened -> opened.view().get() == null);
    if (views.isEmpty()) {
      return;
    }
    if (identities) {
      identitiesChanged();
    }
    if (!ids.isEmpty()) {
      show(ids);
    }
  }

  /** One at a time: what was read later must not be replaced by what was read before. */
  private synchronized void show(Set<KeyId> ids) {
    List<KmsKey> found;
    try {
      found = ids.stream().flatMap(id -> storage.findKey(id).stream()).toList();
    } catch (KmsException e) {
      // Uses of these keys go to the store again and fail there; only the list stays as it was.
      LOGGER.log(Level.WARNING, "KeyStore views keep their old entries: " + e.getMessage());
      return;
    }
    for (Opened opened : views) {
      LiveKeyStoreView view = opened.view().get();
      try {
        if (view != null) {
          show(view, opened, ids, found.stream().filter(opened::isOfAccount).toList());
        }
      } catch (KmsException e) {
        LOGGER.log(Level.WARNING, "A KeyStore view keeps its old entries: " + e.getMessage());
      }
    }
  }

  /** Takes the trusted certificates anew. */
  @Override
  public void trustChanged() {
    changes.incrementAndGet();
    views.removeIf(opened -> opened.view().get() == null);
    if (!views.isEmpty()) {
      showTrusted();
    }
  }

  private synchronized void showTrusted() {
    Map<String, List<KeyStoreView.Trusted>> accounts = new HashMap<>();
    for (Opened opened : views) {
      LiveKeyStoreView view = opened.view().get();
      try {
        if (view != null) {
          showTrusted(view, opened, accounts.computeIfAbsent(opened.account(), this::trusted));
        }
      } catch (KmsException e) {
        LOGGER.log(Level.WARNING, "A KeyStore view keeps its old trust: " + e.getMessage());
      }
    }
  }
}
