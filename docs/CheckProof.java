// SPDX-License-Identifier: Apache-2.0
import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.spec.*;
import java.time.Instant;
import java.util.*;
import java.util.regex.*;

/** Checks what 'cloudtrail prove' printed, without Strongroom: java CheckProof.java proof.json audit.pem */
public class CheckProof {
  static final String[] NAMES = "event,caller,key,material,context,parameters,decided by,error".split(",");
  static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(.{4})|.)");
  static final Matcher token = Pattern.compile("\\s*([\\[\\]{}:,]|-?\\d+|\"((?:[^\"\\\\]|\\\\.)*)\")").matcher("");

  public static void main(String[] files) throws Exception {
    token.reset(Files.readString(Path.of(files[0])));
    Map<?, ?> proof = (Map<?, ?>) value(next());
    byte[] head = Base64.getDecoder().decode((String) proof.get("Head"));
    ByteArrayOutputStream call = new ByteArrayOutputStream();
    for (Object texts : (List<?>) proof.get("Entries")) {
      call.write(((List<?>) texts).isEmpty() ? new byte[32] : sha256(entry((List<?>) texts)));
    }
    byte[] rest = Base64.getDecoder().decode((String) proof.get("Rest"));
    byte[] root = sha256(new byte[] {0}, head, sha256(call.toByteArray()), rest);
    long index = (Long) proof.get("Index");
    long last = (Long) proof.get("Size") - 1;
    for (Object sibling : (List<?>) proof.get("Path")) { // RFC 9162 section 2.1.3.2
      byte[] other = Base64.getDecoder().decode((String) sibling);
      require(last > 0, "the path is too long");
      boolean isRight = index % 2 == 1 || index == last;
      root = isRight ? sha256(new byte[] {1}, other, root) : sha256(new byte[] {1}, root, other);
      int up = isRight ? Long.numberOfTrailingZeros(index) + 1 : 1;
      index >>= up;
      last >>= up;
    }
    require(last == 0, "the path is too short");
    String note = (String) proof.get("Checkpoint");
    String text = note.substring(0, note.lastIndexOf("\n\n") + 1);
    String[] lines = text.split("\n");
    require(lines[1].equals(proof.get("Size").toString()), "the checkpoint is of another size");
    require(lines[2].equals(Base64.getEncoder().encodeToString(root)), "the record is not in the signed tree");
    String pem = Files.readString(Path.of(files[1])).replaceAll("-----[A-Z ]+-----", "");
    X509EncodedKeySpec der = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem));
    byte[] signed = Base64.getMimeDecoder().decode(note.substring(note.lastIndexOf(' ')));
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(KeyFactory.getInstance("EC").generatePublic(der));
    verifier.update(text.getBytes(StandardCharsets.UTF_8));
    require(verifier.verify(signed, 4, signed.length - 4), "the checkpoint is not signed by this key");

    System.out.println("time: " + Instant.ofEpochMilli(new BigInteger(1, head, 1, 6).longValue()));
    for (int i = 0; i < 8; i++) System.out.println(NAMES[i] + ": " + ((List<?>) proof.get("Entries")).get(i));
    System.out.println("Proved: record " + proof.get("Index") + " of " + lines[0]);
  }

  static byte[] entry(List<?> texts) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, texts.size());
    for (Object text : texts) {
      byte[] utf8 = ((String) text).getBytes(StandardCharsets.UTF_8);
      varint(out, utf8.length);
      out.write(utf8);
    }
    return out.toByteArray();
  }

  static void varint(ByteArrayOutputStream out, int value) { // LEB128
    for (; value > 127; value >>>= 7) out.write(value & 127 | 128);
    out.write(value);
  }
  static byte[] sha256(byte[]... parts) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) sha256.update(part);
    return sha256.digest();
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) throw new SecurityException("Not proved: " + otherwise);
  }
  static String next() {
    return token.find() ? token.group(1) : null;
  }

  static Object value(String first) { // as much JSON as a proof has
    if (first.equals("{")) {
      Map<String, Object> map = new HashMap<>();
      for (String t = next(); !t.equals("}"); t = next())
        if (!t.equals(",")) map.put((String) value(t), value(next().equals(":") ? next() : ""));
      return map;
    }
    List<Object> list = new ArrayList<>();
    for (String t = first.equals("[") ? next() : "]"; !t.equals("]"); t = next()) if (!t.equals(",")) list.add(value(t));
    if (first.equals("[")) return list;
    if (!first.startsWith("\"")) return Long.valueOf(first);
    return ESCAPE.matcher(first.substring(1, first.length() - 1)).replaceAll(m -> Matcher.quoteReplacement(
        m.group(1) != null ? "" + (char) Integer.parseInt(m.group(1), 16) : m.group().translateEscapes()));
  }
}
