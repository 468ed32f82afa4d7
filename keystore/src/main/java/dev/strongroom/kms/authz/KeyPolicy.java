// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may use a KMS key: a document in AWS's policy language, of which this is understood: {@code
 * Version}, {@code Id} and {@code Statement} with {@code Sid}, {@code Effect}, {@code Principal}
 * (accounts and users), {@code Action} with wildcards, and {@code Resource "*"}. Everything else is
 * refused; nothing is ignored.
 *
 * <p>At most 32,768 bytes of UTF-8, of the characters that AWS takes: tab, line ends and U+0020 to
 * U+00FF.
 */
public final class KeyPolicy {

  /** The most bytes of UTF-8 that a policy may have. */
  public static final int MAX_BYTES = 32_768;

  private final String text;
  private final List<Statement> statements;

  private KeyPolicy(String text, List<Statement> statements) {
    this.text = text;
    this.statements = List.copyOf(statements);
  }

  /**
   * Reads a policy.
   *
   * @throws KmsException.MalformedPolicyDocument if it is not one; with line, column and what is
   *     allowed there
   * @throws KmsException.LimitExceeded if it is too long
   */
  public static KeyPolicy parse(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new KmsException.LimitExceeded(
          "The key policy is "
              + bytes
              + " bytes long; at most "
              + MAX_BYTES
              + " may be. Shorten it, or name fewer principals.");
    }
    return new KeyPolicy(text, new KeyPolicyReader(text).statements());
  }

  /**
   * Returns AWS's default: the account itself may do everything, and its identity policies count.
   *
   * @param account 12 digits
   */
  public static KeyPolicy defaultFor(String account) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", "Enable IAM User Permissions");
    statement.put("Effect", "Allow");
    statement.put("Principal", Map.of("AWS", "arn:aws:iam::" + account + ":root"));
    statement.put("Action", "kms:*");
    statement.put("Resource", "*");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Version", "2012-10-17");
    document.put("Id", "key-default-1");
    document.put("Statement", new ArrayList<>(List.of(statement)));
    return parse(Json.writePretty(document));
  }

  /**
   * Returns whether this policy would leave neither the caller nor the caller's account able to put
   * another: the safety check of CreateKey and PutKeyPolicy. The key is taken to be the account's.
   */
  public boolean locksOut(Caller caller) {
    Caller root = Caller.root(this, caller.accountId(), "");
    Authorizer authorizer = Authorizer.of(this, caller.accountId());
    return !authorizer.decide(caller, Operation.PUT_KEY_POLICY).isAllowed()
        && !authorizer.decide(root, Operation.PUT_KEY_POLICY).isAllowed();
  }

  /** Returns the document as it was given. */
  public String text() {
    return text;
  }

  List<Statement> statements() {
    return statements;
  }

  /** Policies are equal when their texts are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KeyPolicy policy && text.equals(policy.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "KeyPolicy[" + statements.size() + " statements]";
  }
}
