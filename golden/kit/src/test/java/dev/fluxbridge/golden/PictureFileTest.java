package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Picture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  private static final Bitmap FOX =
      Scenes.draw(new Scenes.Prompt(0, Color.ORANGE, Color.WHITE), 7, 32);
  private static final byte[] PNG = Bitmaps.png(FOX);
  private static final byte[] JPEG = Scenes.jpeg(FOX, 0.9f);

  @Test
  void pngAndJpegFilesAreTaken() {
    assertThat(PictureFile.ofFile(PNG, "fox").png()).isSameAs(PNG);
    assertThat(PictureFile.ofFile(PNG, "fox").pixels()).isEqualTo(FOX);
    assertThat(PictureFile.ofFile(JPEG, "fox").pixels()).isEqualTo(Scenes.decoded(JPEG));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 12, 40, 200})
  void aFileThatIsCutOffIsToldWhereverItEnds(int bytes) {
    assertRefused(Arrays.copyOf(PNG, bytes), bytes < 13 ? "is no picture" : "is cut off");
    assertRefused(Arrays.copyOf(PNG, PNG.length - 1 - bytes), "is cut off");
    assertRefused(Arrays.copyOf(JPEG, JPEG.length - 1 - bytes), "is cut off");
  }

  @Test
  void aFlippedBitIsFound() {
    byte[] damaged = PNG.clone();
    damaged[PNG.length / 2] ^= 1;

    assertRefused(damaged, "another checksum");
  }

  @Test
  void picturesThatNoComparisonCanTakeAreNamedForWhatTheyAre() {
    assertRefused(png(BufferedImage.TYPE_USHORT_GRAY), "has 16 bits a channel");
    assertRefused(png(BufferedImage.TYPE_BYTE_INDEXED), "has a palette");
    assertRefused(png(BufferedImage.TYPE_INT_ARGB), "is transparent in places");
    assertRefused(withPart("acTL", new byte[8]), "is animated");
    assertRefused(cmyk(), "is in CMYK");
    assertRefused("GIF89a and so on".getBytes(StandardCharsets.US_ASCII), "is a GIF");
    assertRefused("<html>not found".getBytes(StandardCharsets.US_ASCII), "is no picture");
    assertRefused(webp(0x02), "is animated");
    assertRefused(Arrays.copyOf(webp(0), 32), "is cut off: it has 32 bytes of 40");
    assertRefused(header(40_000, 40_000), "has 1600000000 pixels");
  }

  @Test
  void anOpaqueAlphaChannelIsLeftOut() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 2, 2, new int[] {-1, -1, -1, 0xff010203}, 0, 2);

    assertThat(PictureFile.ofFile(Scenes.png(image), "fox").pixels().pixels()).endsWith(1, 2, 3);
    assertThat(Drawn.of(image).pictures().get(0).pixels().pixels()).endsWith(1, 2, 3);
  }

  @Test
  void aNameThatSaysSomethingElseIsNotBelieved() {
    assertThatThrownBy(() -> PictureFile.of(new Picture.Encoded(JPEG, "image/png"), "fox"))
        .hasMessage(
            "fox is called image/png but is image/jpeg inside: name it for what it is, or convert it");
  }

  @Test
  void picturesOfTheJdkAreCheckedAsFilesAre() {
    assertThatThrownBy(() -> Drawn.of(image(BufferedImage.TYPE_BYTE_INDEXED)))
        .hasMessageContaining("has a palette")
        .hasMessageContaining("TYPE_3BYTE_BGR");
    assertThatThrownBy(() -> Drawn.of(image(BufferedImage.TYPE_USHORT_GRAY)))
        .hasMessageContaining("16 bits");
    assertThatThrownBy(() -> Drawn.of(image(BufferedImage.TYPE_INT_ARGB)))
        .hasMessageContaining("transparent");
    BufferedImage grey = image(BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    assertThat(Drawn.of(grey).pictures().get(0).pixels().pixels()).startsWith(100, 100, 100);
  }

  @Test
  void noBytesAtAllMakeItFailInAnyOtherWay() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = (i % 2 == 0 ? PNG : JPEG).clone();
      for (int j = 0; j < 3; j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThatCode(
              () -> {
                try {
                  PictureFile.ofFile(bytes, "fox");
                } catch (GoldenException told) {
                  assertThat(told).hasMessageStartingWith("fox ");
                }
              })
          .doesNotThrowAnyException();
    }
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> PictureFile.ofFile(file, "fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageStartingWith("fox ")
        .hasMessageContaining(message);
  }

  private static BufferedImage image(int type) {
    return new BufferedImage(8, 8, type);
  }

  private static byte[] png(int type) {
    return Scenes.png(image(type));
  }

  private static byte[] withPart(String type, byte[] content) {
    byte[] body =
        (type + new String(content, StandardCharsets.ISO_8859_1))
            .getBytes(StandardCharsets.ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(body);
    return ByteBuffer.allocate(PNG.length + body.length + 8)
        .put(PNG, 0, 33)
        .putInt(content.length)
        .put(body)
        .putInt((int) sum.getValue())
        .put(PNG, 33, PNG.length - 33)
        .array();
  }

  private static byte[] header(int width, int height) {
    ByteBuffer png = ByteBuffer.wrap(PNG.clone()).putInt(16, width).putInt(20, height);
    CRC32 sum = new CRC32();
    sum.update(png.array(), 12, 17);
    return png.putInt(29, (int) sum.getValue()).array();
  }

  /** The frame of a JPEG that says it has four colours. */
  private static byte[] cmyk() {
    byte[] jpeg = JPEG.clone();
    for (int i = 0; i < jpeg.length - 9; i++) {
      if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
        jpeg[i + 9] = 4;
        return jpeg;
      }
    }
    throw new AssertionError("no frame");
  }

  private static byte[] webp(int flags) {
    return ByteBuffer.allocate(40)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(32)
        .put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII))
        .putInt(10)
        .put((byte) flags)
        .array();
  }
}
