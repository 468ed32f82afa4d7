// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.ExpiredToken;
import dev.strongroom.kms.KmsException.UnrecognizedClient;
import dev.strongroom.kms.storage.HmacRows;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long sessions are good, and for whom. */
class RoleSessionsTest {
  private static final SessionWish WISH =
      new SessionWish("nightly", Duration.ofMinutes(15), Optional.empty(), List.of());

  private final HmacRows hmac = new HmacRows("sessions");
  private final Object issuer = new Object();
  private Instant now = Samples.NOW;
  private KeyStorage storage;
  private RoleSessions sessions;
  private Identities identities;
  private IssuedSession issued;

  /** Time that a test moves on. */
  private final class Moving extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    storage = Samples.open("jdbc:sqlite:" + folder.resolve("store.db"));
    Clock clock = new Moving();
    AccessKeySecrets secrets = new AccessKeySecrets(hash -> hmac.mac(1, hash), new SecureRandom());
    sessions =
        new RoleSessions(
            storage, secrets, new SessionTokens(hash -> hmac.mac(2, hash)), issuer, clock);
    identities =
        new Identities(
            storage,
            Samples.ACCOUNT,
            secrets,
            new AccessKeyUses(storage, "local", clock),
            sessions,
            issuer);
    IamRecord role =
        new IamRecord(
            IamKind.ROLE,
            Samples.ACCOUNT,
            "batch",
            "AROABATCH",
            now,
            List.of(new IamPart(IamPart.Type.MAX_SESSION, "", "3600", now)));
    Samples.put(storage, role);
    Caller alice = Caller.user(issuer, Samples.ACCOUNT, "alice", "AKIA");
    issued = sessions.issue(alice, new RoleSessions.Assumable(role), WISH);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Caller authenticate() {
    return authenticate(
        issued.accessKey().accessKeyId(), issued.accessKey().secret(), issued.sessionToken());
  }

  private Caller authenticate(String id, char[] secret, String token) {
    return identities.authenticate(id, secret, token);
  }

  @Test
  void sessionIsGoodUntilItsEndAndNoLonger() {
    Caller caller = authenticate();
    Instant end = issued.session().expires();
    assertEquals(Duration.ofMinutes(15), Duration.between(issued.session().issued(), end));

    now = end.minusNanos(1);
    assertDoesNotThrow(() -> identities.requireLive(caller, "kms"));
    assertEquals(caller.arn(), authenticate().arn());
    now = end;
    ExpiredToken over =
        assertThrows(ExpiredToken.class, () -> identities.requireLive(caller, "kms"));
    assertTrue(String.valueOf(over.getMessage()).contains("sts assume-role"), over.getMessage());
    assertThrows(ExpiredToken.class, this::authenticate);
  }

  @Test
  void expiredTokenWithAWrongSecretSaysNothingOfItsEnd() {
    now = issued.session().expires();

    assertThrows(
        UnrecognizedClient.class,
        () ->
            authenticate(
                issued.accessKey().accessKeyId(), "wrong".toCharArray(), issued.sessionToken()));
  }

  @Test
  void idSecretAndTokenBelongTogether() {
    String id = issued.accessKey().accessKeyId();
    char[] secret = issued.accessKey().secret();
    String token = issued.sessionToken();
    char[] wrong = secret.clone();
    wrong[0] = wrong[0] == 'A' ? 'B' : 'A';
    IssuedSession other =
        sessions.issue(
            authenticate(), sessions.find(issued.session().roleArn()).orElseThrow(), WISH);

    List<KmsException> refusals =
        List.of(
            refusal(id, wrong, token),
            refusal(id.replace("ASIA", "AKIA"), secret, token),
            refusal(id, secret, other.sessionToken()),
            refusal(other.accessKey().accessKeyId(), secret, other.sessionToken()),
            refusal(id, secret, ""),
            refusal(id, secret, token.substring(1)));

    for (KmsException refusal : refusals) {
      assertEquals(refusals.get(0).getMessage(), refusal.getMessage());
      assertEquals("UnrecognizedClientException", refusal.errorCode());
    }
  }

  private KmsException refusal(String id, char[] secret, String token) {
    return assertThrows(UnrecognizedClient.class, () -> authenticate(id, secret, token));
  }

  @Test
  void callerOfAnotherKmsIsRefused() {
    Caller foreign =
        Caller.session(new Object(), issued.session(), issued.accessKey().accessKeyId());

    assertThrows(UnrecognizedClient.class, () -> identities.requireLive(foreign, "kms"));
  }

  @Test
  void nothingShowsASecret() {
    assertEquals(
        "IssuedSession[arn:aws:sts::000000000000:assumed-role/batch/nightly]", issued.toString());
  }
}
