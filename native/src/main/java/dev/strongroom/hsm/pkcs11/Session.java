// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import static dev.strongroom.hsm.pkcs11.Pkcs11Exception.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One open session and the memory that its calls use. Speaks PKCS#11 and nothing above it.
 *
 * <p>Used by one thread at a time, which {@link SessionPool} sees to. Arrays given are left intact.
 */
final class Session {
  private static final int[] MECHANISM = Abi.HERE.layout(Abi.CK_MECHANISM);

  // The block: results, a mechanism, its parameters, templates, data going in, data coming out.
  private static final int RESULT = 0;
  private static final int SECOND_RESULT = 8;
  private static final int MECHANISM_AT = 64;
  private static final int PARAMETERS = 128;
  private static final int TEMPLATE = 256;
  private static final int IN = 2048;
  private static final int OUT = 10240;
  private static final int SIZE = 18432;
  private static final int CAPACITY = OUT - IN;
  private static final int MOST_FOUND = 16;

  /** CKD_NULL: the shared secret itself. */
  private static final long KDF_NULL = 1;

  private final Cryptoki cryptoki;
  private final Connection connection;
  private final long handle;
  private final Block block;
  private boolean unfinished;

  Session(Cryptoki cryptoki, Connection connection, long slot) {
    this.cryptoki = cryptoki;
    this.connection = connection;
    this.block = new Block(SIZE);
    long flags = Ckf.SERIAL_SESSION | Ckf.RW_SESSION;
    check("C_OpenSession", code(cryptoki.C_OpenSession(slot, flags, 0, 0, block.address(RESULT))));
    this.handle = block.ulong(RESULT);
  }

  Connection connection() {
    return connection;
  }

  /**
   * Requires that the connection is logged in still, before objects are looked for: others in the
   * process can log all of it out, and once they restarted the library, a handle of ours may be
   * that of a session of theirs. Such a session sees no private object, and says nothing of it.
   */
  void requireAlive() {
    if (!connection.isAlive()) {
      throw new Pkcs11Exception("C_FindObjects", Ckr.SESSION_HANDLE_INVALID.code);
    }
  }

  /** Returns whether an operation was begun and did not end well: not to be used again. */
  boolean isUnfinished() {
    return unfinished;
  }

  /**
   * Logs in as the user; an empty {@code pin} leaves the PIN to the token's own keypad.
   *
   * @return false if the process was logged in already: then the token did not look at the PIN
   */
  boolean login(byte[] pin) {
    block.putBytes(IN, pin);
    try {
      long at = pin.length == 0 ? 0 : block.address(IN);
      long code = code(cryptoki.C_Login(handle, Ckf.USER, at, pin.length));
      if (Ckr.of(code) == Ckr.USER_ALREADY_LOGGED_IN) {
        return false;
      }
      check("C_Login", code);
      return true;
    } finally {
      block.clear(IN, pin.length);
    }
  }

  /** Returns CK_STATE, which tells whether the session is logged in. */
  long state() {
    int[] at = Abi.HERE.layout(Abi.CK_SESSION_INFO);
    check("C_GetSessionInfo", code(cryptoki.C_GetSessionInfo(handle, block.address(TEMPLATE))));
    return block.ulong(TEMPLATE + at[1]);
  }

  byte[] random(int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      int part = Math.min(CAPACITY, length - done);
      check("C_GenerateRandom", code(cryptoki.C_GenerateRandom(handle, block.address(OUT), part)));
      if (part == length) {
        bytes = take(OUT, part);
      } else {
        System.arraycopy(take(OUT, part), 0, bytes, done, part);
      }
      done += part;
    }
    return bytes;
  }

  long generateKey(Mechanism mechanism, Template template) {
    template.write(block, TEMPLATE);
    check(
        "C_GenerateKey",
        code(
            cryptoki.C_GenerateKey(
                handle, write(mechanism), at(TEMPLATE), template.count(), at(RESULT))));
    return block.ulong(RESULT);
  }

  KeyPairHandles generateKeyPair(
      Mechanism mechanism, Template publicTemplate, Template privateTemplate) {
    int second = publicTemplate.write(block, TEMPLATE);
    privateTemplate.write(block, second);
    check(
        "C_GenerateKeyPair",
        code(
            cryptoki.C_GenerateKeyPair(
                handle,
                write(mechanism),
                at(TEMPLATE),
                publicTemplate.count(),
                at(second),
                privateTemplate.count(),
                at(RESULT),
                at(SECOND_RESULT))));
    return new KeyPairHandles(block.ulong(RESULT), block.ulong(SECOND_RESULT));
  }

  /** The two objects of a key pair. */
  record KeyPairHandles(long publicKey, long privateKey) {}

  long createObject(Template template) {
    int end = template.write(block, TEMPLATE);
    try {
      check(
          "C_CreateObject",
          code(cryptoki.C_CreateObject(handle, at(TEMPLATE), template.count(), at(RESULT))));
    } finally {
      block.clear(TEMPLATE, end - TEMPLATE);
    }
    return block.ulong(RESULT);
  }

  void destroyObject(long object) {
    check("C_DestroyObject", code(cryptoki.C_DestroyObject(handle, object)));
  }

  /** Returns the handles of the objects with these attributes, at most 16. */
  List<Long> find(Template template) {
    template.write(block, TEMPLATE);
    check(
        "C_FindObjectsInit",
        code(cryptoki.C_FindObjectsInit(handle, at(TEMPLATE), template.count())));
    unfinished = true;
    List<Long> found = new ArrayList<>();
    long count;
    do {
      check("C_FindObjects", code(cryptoki.C_FindObjects(handle, at(OUT), MOST_FOUND, at(RESULT))));
      count = block.ulong(RESULT);
      for (int i = 0; i < count; i++) {
        found.add(block.ulong(OUT + i * Abi.HERE.ulongBytes));
      }
    } while (count > 0 && found.size() < MOST_FOUND);
    check("C_FindObjectsFinal", code(cryptoki.C_FindObjectsFinal(handle)));
    unfinished = false;
    return found;
  }

  /** Returns the value of one attribute that is not secret. */
  byte[] attribute(long object, long type) {
    return attribute(object, type, CAPACITY);
  }

  boolean flag(long object, long type) {
    byte[] value = attribute(object, type, 1);
    return value.length == 1 && value[0] != 0;
  }

  long ulong(long object, long type) {
    // NSS finds a buffer too small for a number if it is larger than the number.
    byte[] value = attribute(object, type, Abi.HERE.ulongBytes);
    return value.length == Abi.HERE.ulongBytes ? block.ulong(OUT) : Abi.HERE.unavailable();
  }

  private byte[] attribute(long object, long type, int capacity) {
    int[] layout = Abi.HERE.layout(Abi.CK_ATTRIBUTE);
    block.putUlong(TEMPLATE, type);
    block.putPointer(TEMPLATE + layout[1], at(OUT));
    block.putUlong(TEMPLATE + layout[2], capacity);
    long code = code(cryptoki.C_GetAttributeValue(handle, object, at(TEMPLATE), 1));
    if (code != 0) {
      throw new Pkcs11Exception(
          String.format(Locale.ROOT, "C_GetAttributeValue of 0x%03x", type), code);
    }
    return block.bytes(OUT, checkedLength(block.ulong(TEMPLATE + layout[2])));
  }

  byte[] sign(Mechanism mechanism, long key, byte[] data) {
    Block in = input(data);
    check("C_SignInit", code(cryptoki.C_SignInit(handle, write(mechanism), key)));
    unfinished = true;
    block.putUlong(RESULT, CAPACITY);
    long code = cryptoki.C_Sign(handle, in.address(inputAt(in)), data.length, at(OUT), at(RESULT));
    in.keepAlive();
    check("C_Sign", code(code));
    unfinished = false;
    return take(OUT, checkedLength(block.ulong(RESULT)));
  }

  byte[] decrypt(Mechanism mechanism, long key, byte[] data) {
    Block in = input(data);
    check("C_DecryptInit", code(cryptoki.C_DecryptInit(handle, write(mechanism), key)));
    unfinished = true;
    block.putUlong(RESULT, CAPACITY);
    long code =
        cryptoki.C_Decrypt(handle, in.address(inputAt(in)), data.length, at(OUT), at(RESULT));
    in.keepAlive();
    check("C_Decrypt", code(code));
    unfinished = false;
    return take(OUT, checkedLength(block.ulong(RESULT)));
  }

  byte[] wrap(long mechanism, long wrappingKey, long key) {
    return wrap(Mechanism.of(mechanism), wrappingKey, key);
  }

  byte[] wrap(Mechanism mechanism, long wrappingKey, long key) {
    block.putUlong(RESULT, CAPACITY);
    check(
        "C_WrapKey",
        code(cryptoki.C_WrapKey(handle, write(mechanism), wrappingKey, key, at(OUT), at(RESULT))));
    return block.bytes(OUT, checkedLength(block.ulong(RESULT)));
  }

  long unwrap(long mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    return unwrap(Mechanism.of(mechanism), unwrappingKey, wrapped, template);
  }

  long unwrap(Mechanism mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    template.write(block, TEMPLATE);
    Block in = input(wrapped);
    long code =
        cryptoki.C_UnwrapKey(
            handle,
            write(mechanism),
            unwrappingKey,
            in.address(inputAt(in)),
            wrapped.length,
            at(TEMPLATE),
            template.count(),
            at(RESULT));
    in.keepAlive();
    check("C_UnwrapKey", code(code));
    return block.ulong(RESULT);
  }

  /**
   * Makes a secret by ECDH1 without a key derivation function; the caller destroys it.
   *
   * @param point {@code 04 || x || y}
   */
  long derive(long key, byte[] point, Template template) {
    int[] parameters = Abi.HERE.layout(Abi.CK_ECDH1_DERIVE_PARAMS);
    template.write(block, TEMPLATE);
    block.putBytes(IN, point);
    block.putUlong(PARAMETERS, KDF_NULL);
    block.putUlong(PARAMETERS + parameters[1], 0);
    block.putPointer(PARAMETERS + parameters[2], 0);
    block.putUlong(PARAMETERS + parameters[3], point.length);
    block.putPointer(PARAMETERS + parameters[4], at(IN));
    block.putUlong(MECHANISM_AT, Ckm.ECDH1_DERIVE);
    block.putPointer(MECHANISM_AT + MECHANISM[1], at(PARAMETERS));
    block.putUlong(MECHANISM_AT + MECHANISM[2], parameters[5]);
    check(
        "C_DeriveKey",
        code(
            cryptoki.C_DeriveKey(
                handle, at(MECHANISM_AT), key, at(TEMPLATE), template.count(), at(RESULT))));
    return block.ulong(RESULT);
  }

  /** Returns the value of a secret that may be read, and zeroes the copy here. */
  byte[] value(long secret, int bytes) {
    byte[] value = attribute(secret, Cka.VALUE, CAPACITY);
    block.clear(OUT, value.length);
    if (value.length != bytes) {
      Arrays.fill(value, (byte) 0);
      throw new Pkcs11Exception("CKA_VALUE", Ckr.ATTRIBUTE_VALUE_INVALID.code);
    }
    return value;
  }

  /** Ends the session in the token; says nothing where the token has lost it already. */
  void close() {
    Ckr ignored = Ckr.of(code(cryptoki.C_CloseSession(handle)));
    unfinished = ignored != Ckr.OK;
  }

  private long write(Mechanism mechanism) {
    long[] parameters = mechanism.parameters();
    block.putUlong(MECHANISM_AT, mechanism.type());
    block.putPointer(
        MECHANISM_AT + MECHANISM[1], parameters.length == 0 ? 0 : block.address(PARAMETERS));
    int end = PARAMETERS;
    for (long parameter : parameters) {
      block.putUlong(end, parameter);
      end += Abi.HERE.ulongBytes;
    }
    if (mechanism.hasEmptyLabel()) {
      int[] oaep = Abi.HERE.layout(Abi.CK_RSA_PKCS_OAEP_PARAMS);
      block.putPointer(PARAMETERS + oaep[3], 0);
      block.putUlong(PARAMETERS + oaep[4], 0);
      end = PARAMETERS + oaep[5];
    }
    block.putUlong(MECHANISM_AT + MECHANISM[2], end - PARAMETERS);
    return at(MECHANISM_AT);
  }

  private Block input(byte[] data) {
    if (data.length > CAPACITY) {
      Block own = new Block(data.length);
      own.putBytes(0, data);
      return own;
    }
    block.putBytes(IN, data);
    return block;
  }

  private int inputAt(Block in) {
    return in == block ? IN : 0;
  }

  private byte[] take(int offset, int length) {
    byte[] bytes = block.bytes(offset, length);
    block.clear(offset, length);
    return bytes;
  }

  private static int checkedLength(long length) {
    if (length < 0 || length > CAPACITY) {
      throw new Pkcs11Exception("The module", Ckr.BUFFER_TOO_SMALL.code);
    }
    return (int) length;
  }

  private long at(int offset) {
    return block.address(offset);
  }

  private static long code(long returned) {
    return LoadedModule.code(returned);
  }
}
