package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {

  @ParameterizedTest
  @CsvSource({"png, image/png", "jpg, image/jpeg", "gif, image/gif"})
  void readsTheSizeOfWhatTheJdkWrites(String format, String mediaType) {
    assertThat(ImageFile.read(Pictures.of(format, 70, 33)))
        .contains(new ImageFile(mediaType, 70, 33, true));
  }

  @Test
  void readsTheThreeKindsOfWebp() {
    // lossy: frame tag, start code, 14 bits each of width and height
    byte[] lossy =
        Pictures.webp(
            "VP8 ",
            (byte) 0,
            (byte) 0,
            (byte) 0,
            (byte) 0x9d,
            (byte) 1,
            (byte) 0x2a,
            (byte) 70,
            (byte) 0,
            (byte) 33,
            (byte) 0);
    // lossless: signature, then width-1 and height-1 in 14 bits each
    int bits = 69 | 32 << 14;
    byte[] lossless =
        Pictures.webp(
            "VP8L",
            (byte) 0x2f,
            (byte) bits,
            (byte) (bits >> 8),
            (byte) (bits >> 16),
            (byte) (bits >> 24));
    // extended: flags, then width-1 and height-1 in 24 bits each
    byte[] extended =
        Pictures.webp(
            "VP8X", (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 69, (byte) 0, (byte) 0,
            (byte) 32, (byte) 0, (byte) 0);

    assertThat(ImageFile.read(lossy)).contains(new ImageFile("image/webp", 70, 33, true));
    assertThat(ImageFile.read(lossless)).contains(new ImageFile("image/webp", 70, 33, true));
    assertThat(ImageFile.read(extended)).contains(new ImageFile("image/webp", 70, 33, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void noticesAFileWithoutItsEnd(String format) {
    byte[] file = Pictures.of(format, 70, 33);

    ImageFile cut = ImageFile.read(Arrays.copyOf(file, file.length - 5)).orElseThrow();

    assertThat(cut.whole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void neverFailsOnAFileThatIsCutAnywhere(String format) {
    byte[] file = Pictures.of(format, 20, 20);
    for (int length = 0; length < file.length; length++) {
      ImageFile.read(Arrays.copyOf(file, length))
          .ifPresent(header -> assertThat(header.width()).isEqualTo(20));
    }
  }

  @Test
  void countsTheLargestFrameWhateverTheCanvasSays() {
    ByteBuffer gif = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    gif.put("GIF89a".getBytes(US_ASCII)).putShort((short) 1).putShort((short) 1);
    gif.put(new byte[] {(byte) 0x80, 0, 0}).put(new byte[6]); // two colours
    gif.put(new byte[] {0x21, (byte) 0xf9, 4, 0, 0, 0, 0, 0}); // an extension
    gif.put((byte) 0x2c).putInt(0).putShort((short) 60_000).putShort((short) 50_000);
    gif.put(new byte[] {0, 2, 1, 0, 0, 0x3b});
    byte[] file = Arrays.copyOf(gif.array(), gif.position());

    assertThat(ImageFile.read(file)).contains(new ImageFile("image/gif", 60_000, 50_000, true));
    assertThat(ImageFile.read(Arrays.copyOf(file, file.length - 1)))
        .contains(new ImageFile("image/gif", 60_000, 50_000, false));

    byte[] canvas = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] inner = {0, 0, 0, (byte) 0x9d, 1, 0x2a, (byte) 0xff, 0x3f, (byte) 0xfe, 0x3f};
    ByteBuffer webp = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    webp.put(Pictures.webp("VP8X", canvas));
    webp.put("ANMF".getBytes(US_ASCII)).putInt(16 + 8 + inner.length).put(new byte[6]);
    webp.put(new byte[] {9, 0, 0, 9, 0, 0}).put(new byte[4]); // a frame of 10 x 10, says this
    webp.put("VP8 ".getBytes(US_ASCII)).putInt(inner.length).put(inner);

    assertThat(ImageFile.read(Arrays.copyOf(webp.array(), webp.position())))
        .get()
        .extracting(ImageFile::width, ImageFile::height)
        .containsExactly(16383L, 16382L);
  }

  @Test
  void readsAClaimOfTenGigapixelsWithoutBelievingIt() {
    ImageFile file = ImageFile.read(Pictures.pngClaiming(100_000, 100_000)).orElseThrow();

    assertThat(file.width() * file.height()).isEqualTo(10_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html></html>", "{\"a\":1}", "RIFF....WAVE", "GIF88a", "%PDF-1.7"})
  void knowsWhatIsNoPicture(String text) {
    assertThat(ImageFile.read(text.getBytes(US_ASCII))).isEmpty();
  }
}
