// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Compares the indexes with a look at every grant. */
class GrantSetTest {
  private static final KeyId KEY = new KeyId(new UUID(1, 1));
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final List<Operation> OPERATIONS =
      List.of(
          Operation.ENCRYPT,
          Operation.DECRYPT,
          Operation.DESCRIBE_KEY,
          Operation.GENERATE_DATA_KEY);

  private final SplittableRandom random = new SplittableRandom(4711);

  private static String user(int number) {
    return "arn:aws:iam::111122223333:user/u" + number;
  }

  private EncryptionContext context() {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      pairs.put("k" + random.nextInt(3), "v" + random.nextInt(3));
    }
    return EncryptionContext.of(pairs);
  }

  private Grant grant(int number, int users) {
    EncryptionContext context = context();
    GrantConstraint constraint =
        switch (random.nextInt(3)) {
          case 0 -> GrantConstraint.NONE;
          case 1 -> GrantConstraint.equalTo(context);
          default -> context.isEmpty() ? GrantConstraint.NONE : GrantConstraint.containing(context);
        };
    return new Grant(
        "id" + number,
        KEY,
        "111122223333",
        user(random.nextInt(users)),
        Optional.empty(),
        EnumSet.of(OPERATIONS.get(random.nextInt(4)), OPERATIONS.get(random.nextInt(4))),
        constraint,
        "",
        NOW,
        random.nextInt(4) == 0
            ? Optional.of(NOW.plusSeconds(random.nextInt(3) - 1))
            : Optional.empty(),
        OptionalLong.empty());
  }

  @Test
  void lookUpsFindWhatALookAtEveryGrantFinds() {
    for (int users : new int[] {1, 3, 40}) {
      List<Grant> grants = new ArrayList<>();
      GrantSet set = GrantSet.EMPTY;
      for (int i = 0; i < 600; i++) {
        if (i % 3 == 2) {
          set = set.without(grants.remove(random.nextInt(grants.size())).id());
        } else {
          grants.add(grant(i, users));
          set = set.with(grants.get(grants.size() - 1));
        }
        compare(grants, set, users);
      }
      compare(grants, GrantSet.of(grants), users);
    }
  }

  private void compare(List<Grant> grants, GrantSet set, int users) {
    assertEquals(grants.size(), set.size());
    String grantee = user(random.nextInt(users));
    Operation operation = OPERATIONS.get(random.nextInt(4));
    EncryptionContext context = context();

    boolean expected =
        grants.stream()
            .anyMatch(
                grant ->
                    grant.grantee().equals(grantee)
                        && grant.operations().contains(operation)
                        && (operation == Operation.DESCRIBE_KEY
                            || grant.constraint().isMetBy(context))
                        && grant.isCurrentAt(NOW));
    Grant found = set.find(grantee, operation, context, grant -> grant.isCurrentAt(NOW));

    assertEquals(expected, found != null, () -> grantee + " " + operation + " " + context);
    assertEquals(
        grants.stream()
            .filter(grant -> grant.grantee().equals(grantee))
            .map(Grant::id)
            .sorted()
            .toList(),
        set.ofGrantee(grantee).stream().map(Grant::id).sorted().toList());
    if (found != null) {
      assertEquals(found, set.find(found.id()));
    }
  }

  @Test
  void thatWhichLastsLongestIsFoundFirst() {
    GrantSet set = GrantSet.EMPTY;
    for (int i = 0; i < 30; i++) {
      set = set.with(counted(i, OptionalLong.of(1), Optional.of(NOW.plusSeconds(i))));
    }
    assertEquals("id29", find(set));
    set = set.with(counted(30, OptionalLong.empty(), Optional.of(NOW)));
    assertEquals("id30", find(set));
    set = set.with(counted(31, OptionalLong.empty(), Optional.empty()));
    assertEquals("id31", find(set));
  }

  private static Grant counted(int number, OptionalLong uses, Optional<Instant> expiry) {
    return new Grant(
        "id" + number,
        KEY,
        "111122223333",
        user(1),
        Optional.empty(),
        Set.of(Operation.DECRYPT),
        GrantConstraint.NONE,
        "",
        NOW,
        expiry,
        uses);
  }

  private static String find(GrantSet set) {
    Grant found = set.find(user(1), Operation.DECRYPT, EncryptionContext.EMPTY, grant -> true);
    return found == null ? "" : found.id();
  }

  @Test
  void setWithoutAGrantIsLeftAsItIs() {
    GrantSet set = GrantSet.of(List.of(grant(1, 1)));

    assertEquals(set, set.without("id2"));
    assertNull(set.find("id2"));
  }
}
