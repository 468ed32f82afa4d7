// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  private static final HexFormat HEX = HexFormat.of();

  /** The inputs of Certificate Transparency's own reference tests. */
  private static final List<String> INPUTS =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  /** Their roots, of the first one, two, … eight of the inputs. */
  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void rootsAreThoseOfCertificateTransparency() {
    MerkleTree tree = new MerkleTree();
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        HEX.formatHex(tree.root()));
    for (int i = 0; i < INPUTS.size(); i++) {
      byte[] data = HEX.parseHex(INPUTS.get(i));
      tree.add(data, 0, data.length);
      assertEquals(ROOTS.get(i), HEX.formatHex(tree.root()));
      assertEquals(i + 1, tree.size());
    }
  }

  /** RFC 6962 §2.1, word by word. */
  private static byte[] definition(List<byte[]> leaves) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    if (leaves.isEmpty()) {
      return sha256.digest();
    }
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    byte[] left = definition(leaves.subList(0, k));
    byte[] right = definition(leaves.subList(k, leaves.size()));
    sha256.update((byte) 1);
    sha256.update(left);
    return sha256.digest(right);
  }

  private static List<byte[]> leaves(int count) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(MerkleTree.leafHash(new byte[] {(byte) i, (byte) (i >> 8)}));
    }
    return leaves;
  }

  @Test
  void rootsAreThoseOfTheDefinition() throws Exception {
    MerkleTree tree = new MerkleTree();
    List<byte[]> leaves = leaves(300);
    for (int size = 1; size <= leaves.size(); size++) {
      tree.addLeafHash(leaves.get(size - 1));
      assertArrayEquals(definition(leaves.subList(0, size)), tree.root());
    }
  }

  private static List<byte[]> path(List<byte[]> leaves, int index, int size) {
    AuditPath path = new AuditPath(index, size);
    leaves.forEach(path::add);
    return path.hashes();
  }

  @Test
  void everyPathLeadsFromItsLeafToTheRootAndFromNoOther() throws Exception {
    List<byte[]> leaves = leaves(70);
    for (int size = 1; size <= leaves.size(); size++) {
      byte[] root = definition(leaves.subList(0, size));
      for (int index = 0; index < size; index++) {
        List<byte[]> path = path(leaves, index, size);
        assertArrayEquals(root, AuditPath.root(leaves.get(index), index, size, path));
        byte[] other = leaves.get((index + 1) % leaves.size());
        assertFalse(Arrays.equals(root, AuditPath.root(other, index, size, path)));
      }
    }
  }

  @Test
  void pathsOfAnotherLengthAreRefused() {
    List<byte[]> leaves = leaves(9);
    List<byte[]> path = path(leaves, 3, 9);
    List<byte[]> longer = new ArrayList<>(path);
    longer.add(new byte[32]);
    assertThrows(IllegalArgumentException.class, () -> AuditPath.root(leaves.get(3), 3, 9, longer));
    assertThrows(
        IllegalArgumentException.class,
        () -> AuditPath.root(leaves.get(3), 3, 9, path.subList(1, path.size())));
    assertThrows(IllegalArgumentException.class, () -> new AuditPath(9, 9));
  }

  @Test
  void unfinishedPathIsRefused() {
    AuditPath path = new AuditPath(0, 2);
    path.add(new byte[32]);
    assertThrows(IllegalStateException.class, path::hashes);
  }
}
