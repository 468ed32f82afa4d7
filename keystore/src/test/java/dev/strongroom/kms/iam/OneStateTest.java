// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.storage.HmacRows;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.IdentityStorage;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put together from several records is of one state of the store. */
class OneStateTest {
  private static final String ALLOW = policy("Allow");
  private static final String DENY = policy("Deny");
  private static final String USE = "arn:aws:iam::000000000000:policy/use";

  private final AccessKeySecrets secrets =
      new AccessKeySecrets(hash -> new HmacRows("keys").mac(1, hash), new SecureRandom());
  private final List<String> reads = new ArrayList<>();
  private Runnable change = () -> {};
  private KeyStorage elsewhere;
  private KeyStorage opened;
  private IdentityStorage storage;

  private static String policy(String effect) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "%s", "Action": "kms:*", "Resource": "*"}]}"""
        .formatted(effect);
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    String url = Samples.url(folder.resolve("store.db"));
    opened = Samples.open(url);
    elsewhere = Samples.open(url);
    storage = watched(IdentityStorage.class, opened);
  }

  @AfterEach
  void close() {
    elsewhere.close();
    opened.close();
  }

  /** Returns the same storage; after the first record that is read, {@link #change} happens. */
  private <T> T watched(Class<T> type, Object storage) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            if (method.getName().equals("view")) {
              IdentityStorage.Look<?> look = (IdentityStorage.Look<?>) arguments[0];
              return opened.view(view -> look.at(watched(IdentityStorage.View.class, view)));
            }
            Object answer = method.invoke(storage, arguments);
            if (method.getName().equals("find") || method.getName().equals("list")) {
              reads.add(String.valueOf(arguments[0]));
              Runnable now = change;
              change = () -> {};
              now.run();
            }
            return answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static IamPart part(IamPart.Type type, String name, String text) {
    return new IamPart(type, name, text, Samples.NOW);
  }

  private static IamRecord entity(IamKind kind, String name, IamPart... parts) {
    return new IamRecord(kind, Samples.ACCOUNT, name, "ID" + name, Samples.NOW, List.of(parts));
  }

  private void put(IamRecord... records) {
    elsewhere.change(
        edit -> {
          for (IamRecord record : records) {
            edit.put(record);
          }
          return records;
        });
  }

  @Test
  void denialThatMovesFromTheGroupToTheUserIsNeverMissed() {
    IamPart allow = part(IamPart.Type.INLINE, "allow", ALLOW);
    IamPart deny = part(IamPart.Type.INLINE, "deny", DENY);
    IamRecord user = Samples.user("alice").with(part(IamPart.Type.GROUP, "g", "")).with(allow);
    put(user, entity(IamKind.GROUP, "g", deny));
    change = () -> put(user.with(deny), entity(IamKind.GROUP, "g"));

    Caller alice = Caller.user(new Object(), Samples.ACCOUNT, "alice", "AKIA");
    List<String> policies =
        new CallerPolicies(storage).of(alice).policies().stream().map(Policy::name).toList();

    assertEquals(
        List.of("managed policy of all users", "inline policy allow", "inline group policy g/deny"),
        policies);
  }

  @Test
  void userThatMovesFromOneGroupToAnotherIsInOneOfThem() {
    IamRecord user = Samples.user("alice");
    put(user.with(part(IamPart.Type.GROUP, "a", "")), entity(IamKind.GROUP, "a"));
    change =
        () ->
            elsewhere.change(
                edit -> {
                  edit.put(user.with(part(IamPart.Type.GROUP, "b", "")));
                  edit.put(entity(IamKind.GROUP, "b"));
                  edit.delete(entity(IamKind.GROUP, "a"));
                  return true;
                });

    List<IamRecord> groups =
        new IamDirectory(storage, secrets, Samples.CLOCK).groupsOf(Samples.ACCOUNT, "alice");

    assertEquals(List.of("a"), groups.stream().map(IamRecord::name).toList());
  }

  private IamRecord managed() {
    return entity(IamKind.POLICY, "use", part(IamPart.Type.VERSION, "1", ALLOW));
  }

  @Test
  void policyIsListedWithThoseWhoHadItAtThatTime() {
    IamRecord user = Samples.user("alice");
    put(managed(), user.with(part(IamPart.Type.ATTACHED, USE, "")));
    change =
        () ->
            elsewhere.change(
                edit -> {
                  edit.put(user);
                  edit.delete(managed());
                  return true;
                });

    List<ManagedPolicies.Usage> listed =
        new ManagedPolicies(storage, secrets, Samples.CLOCK).list(Samples.ACCOUNT);

    assertEquals(List.of(new ManagedPolicies.Usage(managed(), 1, 0)), listed);
  }

  @Test
  void usageIsCountedWithoutReadingThoseWhoHaveIt() {
    Instant now = Samples.NOW;
    put(
        managed(),
        Samples.user("alice").boundedBy(USE, now),
        Samples.user("bob").boundedBy("arn:aws:iam::000000000000:policy/other", now),
        entity(IamKind.ROLE, "batch").boundedBy(USE, now),
        entity(IamKind.GROUP, "g", part(IamPart.Type.ATTACHED, USE, "")));

    ManagedPolicies policies = new ManagedPolicies(storage, secrets, Samples.CLOCK);

    assertEquals(new ManagedPolicies.Usage(managed(), 1, 2), policies.usage(Samples.ACCOUNT, USE));
    assertEquals(List.of("POLICY"), reads);
  }
}
