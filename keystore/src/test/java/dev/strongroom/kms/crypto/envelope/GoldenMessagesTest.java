// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Messages that the stock AWS Encryption SDK wrote. Each was made with aws-encryption-sdk-java
 * 3.0.2:
 *
 * <pre>{@code
 * IKeyring keyring = providers.CreateRawAesKeyring(
 *     CreateRawAesKeyringInput.builder()
 *         .keyNamespace("tests").keyName("key-1").wrappingKey(ByteBuffer.wrap(new byte[32]))
 *         .wrappingAlg(AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16).build());
 * AwsCrypto.builder().withEncryptionAlgorithm(suite).withEncryptionFrameSize(16 or 0).build()
 *     .encryptData(keyring, "the quick brown fox jumps over it".getBytes(), Map.of("tenant", "a"));
 * }</pre>
 */
class GoldenMessagesTest {
  private static final String FRAMED =
      "02047891aafe0f19fd242ef95c7079d626058e9fb9f1c8c9b93df36a3cbc155c389dc7000d000100"
          + "0674656e616e7400016100010005746573747300196b65792d31000000800000000cf409e8696bcb"
          + "0a4f1290ab8000303d97a936d07fd3c0c22a0d94d40167eca9f6ecb73e7f71ef31c109b712312cb1"
          + "3fd1dfe5b5b0fabc72885a26c112dbb502000000100a3994330259f57be3b2c60dbad8ae255da1ce"
          + "9def276bd62ca2f30ace2ea53307abbd732b7956dab60a75fa6e7ded1b0000000100000000000000"
          + "00000000019281a08ddf36be673330e7ba1640d69e698cd9b8fa8c8e0d68323492e779e78c000000"
          + "02000000000000000000000002dddce6887ee25280bb415fef74f64bb1ec12f5ce9abbf548c3a0fb"
          + "74b7f092ceffffffff0000000300000000000000000000000300000001ad970d5199eddcf6ec2d2f"
          + "1e4b42f4ae07";

  private static final String ONE_PIECE =
      "0204782374ecb5c301228e9b5d5f66cff7cd77d5daccde3760511c988c877239c2c71f000d000100"
          + "0674656e616e7400016100010005746573747300196b65792d31000000800000000cf5ce0d64cf69"
          + "eb0b1806f4a00030387382c1e2ad21b8a5361cefc67a8d61270eb7b39ef00ec8fb5683be665ac907"
          + "130d349e4e2d2b2fb961dd3318b4388801000000003ad77142a2805f1a8a733be30d93ffea1411d7"
          + "d1e5e08a4bc8bc18c6f22ba1ba4e527be7a3987af0bd8b2f5dbb93da6a0000000000000000000000"
          + "0100000000000000217b6ea8229a0655b753bd53b5ff8abbd08e77bd2e327b759fa9bd0f6432a05e"
          + "b972e7d81482410d4dd7e95ebb36f0b1c8c2";

  private static final String SIGNED =
      "0205782d01604f3e0ca8a3627dde1818beae0b6e48909d8609025b2e05d7cf7cf3f7c1006a000200"
          + "156177732d63727970746f2d7075626c69632d6b65790044416e47396f495859693243616262656e"
          + "4d7a35734d324169685a7a54774e49586846516135306e306e636e455a66437a6d76633133666a4b"
          + "6a6d34386b64555456513d3d000674656e616e7400016100010005746573747300196b65792d3100"
          + "0000800000000cf54f438095121f8012f352620030fdcca1fadd803a980ca4937cd398a5eec1a152"
          + "c1a2958fe277aab3e1252e6d907e70232f52d50cef72690948d8a6b3d30200000010d816e912317c"
          + "cce737ac111ebdd06231a101f75040786df162b0230666071dcd1b7e673fe726c008c2579949cf59"
          + "a5d200000001000000000000000000000001941eeab0b31bfde3a11ea692a44c5c9af55a2723200c"
          + "6d1ed13d1ba90f04881c000000020000000000000000000000029f420b33f1fee843420ba3a081e8"
          + "02d5431d9664dff40e5f6dc153324f39a605ffffffff000000030000000000000000000000030000"
          + "00018bee4b1c7362fdeffe6d1211eab5a296cf00673065023100ed059c0fdef8b94ae054e8275342"
          + "5d2cac6f5b2b2f350fd30c81f7b9d23151d30d4d628a67a77bd3af51f6d96fd12fb702303e92c41e"
          + "54d4bdbd4899b7157a2392348c56e71b75b40a9fe4e1e5585a27fd183a17558f66ba5dc936c55e65"
          + "c821b5aa";

  private static final String ONE_PIECE_SIGNED =
      "020578f100e8f97fe2bf66daf88602ac2ab971f36a7c582fef01837d2aa7373fe327b2006a000200"
          + "156177732d63727970746f2d7075626c69632d6b65790044413157564c4373745955684e53343152"
          + "574a504f5366536c572b436e7936736854384c636748506d544b614c4f5931784b4d62632f354666"
          + "71475457774f4f7768513d3d000674656e616e7400016100010005746573747300196b65792d3100"
          + "0000800000000ce8240da0238fce09193a15f80030490c318a773c11a5cd6f5c439ad7b799cb9e3c"
          + "420a29a8c919e9946928ab66abb0badaceb6d2b87c7e6b5b7eb9ad2a350100000000e1d3fdd8d8af"
          + "4f6b32d7100e270aadb55b4b0b2ed8841006889fd4dc1caefbba2a26ca4270954888fcc956682a70"
          + "7a8e0000000000000000000000010000000000000021af8033f53c172319a145a75ed35bca468c1a"
          + "175212c56d7b0c43625210479d293d4d1821db245ce58aadcdc418942798160067306502301efd81"
          + "3e42c77e35fc2886997fdc131225851c06d0b8b84ea8192a8d37ca08eab5730d0ba676472ae70251"
          + "b0ccbbaf64023100e71b58716f19ce1f5946295fc2e7bc00d0008ffc6b3f02b64640fb94f60c9bc9"
          + "e2f5977fac0dd79fdc324ba5e356ec4d";

  @Test
  void aFramedMessageIsRead() {
    assertReads(FRAMED, 16, 1);
  }

  @Test
  void aSignedMessageIsRead() {
    assertReads(SIGNED, 16, 2);
  }

  @Test
  void aMessageInOnePieceIsRead() {
    assertReads(ONE_PIECE, 0, 1);
  }

  @Test
  void aSignedMessageInOnePieceIsRead() {
    assertReads(ONE_PIECE_SIGNED, 0, 2);
  }

  private static void assertReads(String hex, int frameLength, int pairs) {
    byte[] message = HexFormat.of().parseHex(hex);
    String plaintext = new String(Messages.decrypt(message), StandardCharsets.UTF_8);
    assertEquals("the quick brown fox jumps over it", plaintext);
    HeaderParser parser = new HeaderParser(EnvelopeLimits.DEFAULT);
    byte[] start = Arrays.copyOf(message, parser.lengthNeeded(message, message.length));
    MessageHeader header = parser.parse(start);
    assertEquals(frameLength, header.frameLength());
    assertEquals(pairs, header.context().pairs().size());
    assertEquals(Map.of("tenant", "a"), MessageContext.withoutReserved(header.context()).pairs());
  }
}
