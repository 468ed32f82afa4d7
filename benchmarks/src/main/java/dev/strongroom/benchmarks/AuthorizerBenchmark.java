// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.authz.DecisionCache;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.authz.request.RequestDetails;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to decide: from the cache; anew with 50 statements and 100 grants that are all for
 * the operation, with the one that allows behind all others; with 50,000 grants on the key.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AuthorizerBenchmark {
  private static final String ACCOUNT = "111122223333";
  private static final int STATEMENTS = 50;
  private static final int FEW_GRANTS = 100;
  private static final int MANY_GRANTS = 50_000;

  private Identity caller;
  private KeyFacts key;
  private AccessRequest request;
  private Authorizer fewGrants;
  private Authorizer manyGrants;
  private DecisionCache cache;
  private List<Grant> grants;

  @Setup
  public void compile() {
    caller = Identity.of(Principal.user(ACCOUNT, "alice", "AIDAALICE0000001", Map.of()), List.of());
    key =
        new KeyFacts(
            KeyArn.parse("arn:aws:kms:eu-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
            CmkSpec.SYMMETRIC_DEFAULT,
            KeyUsage.ENCRYPT_DECRYPT,
            KeyOrigin.AWS_KMS,
            List.of(),
            Map.of());
    EncryptionContext context = EncryptionContext.of(Map.of("tenant", "a"));
    request =
        AccessRequest.onKey(
            caller.principal(),
            Operation.DECRYPT,
            key,
            RequestDetails.of(context),
            Clock.systemUTC());

    KeyPolicy policy = KeyPolicy.parse(policy());
    List<Grant> few = new ArrayList<>();
    for (int i = 0; i < FEW_GRANTS; i++) {
      String tenant = i == FEW_GRANTS - 1 ? "a" : "t" + i;
      few.add(grant("few" + i, "alice", EncryptionContext.of(Map.of("tenant", tenant))));
    }
    fewGrants = Authorizer.ofKey(policy, ACCOUNT, GrantSet.of(few));
    grants = new ArrayList<>();
    for (int i = 0; i < MANY_GRANTS; i++) {
      grants.add(grant("many" + i, i == 777 ? "alice" : "u" + i, context));
    }
    manyGrants = Authorizer.ofKey(policy, ACCOUNT, GrantSet.of(grants));
    cache = new DecisionCache(manyGrants);
  }

  /** Fifty Allow statements with a condition each, all about the operation and none met. */
  private static String policy() {
    StringBuilder text = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (int i = 0; i < STATEMENTS; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"Effect\":\"")
          .append(i % 5 == 0 ? "Deny" : "Allow")
          .append("\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"},")
          .append("\"Action\":\"kms:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":")
          .append("{\"kms:EncryptionContext:tenant\":\"x")
          .append(i)
          .append("\"}}}");
    }
    return text.append("]}").toString();
  }

  private Grant grant(String id, String user, EncryptionContext context) {
    return new Grant(
        id,
        key.id(),
        ACCOUNT,
        "arn:aws:iam::" + ACCOUNT + ":user/" + user,
        Optional.empty(),
        Set.of(Operation.DECRYPT),
        GrantConstraint.containing(context),
        "",
        Instant.EPOCH,
        Optional.empty(),
        OptionalLong.empty());
  }

  @Benchmark
  public Decision cached() {
    return cache.decide(caller, request);
  }

  @Benchmark
  public Decision uncachedFiftyStatementsHundredGrants() {
    return fewGrants.decide(caller, request);
  }

  @Benchmark
  public Decision uncachedFiftyThousandGrants() {
    return manyGrants.decide(caller, request);
  }

  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public GrantSet loadFiftyThousandGrants() {
    return GrantSet.of(grants);
  }

  @Benchmark
  public GrantSet addOneToFiftyThousandGrants() {
    return manyGrants.grants().with(grants.get(0));
  }
}
