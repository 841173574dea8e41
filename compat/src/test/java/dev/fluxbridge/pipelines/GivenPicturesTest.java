package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenPicturesTest {

  private static Bitmap bitmap(BufferedImage image) {
    return ((Images.Bitmaps) GivenPictures.read("image", image)).bitmaps().get(0);
  }

  private static Tensor tensor(Object value) {
    return ((Images.Values) GivenPictures.read("image", value)).tensor();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
      })
  void coloursStayWhatTheyAre(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(1, 0, 0x123456);
    assertThat(bitmap(image))
        .isEqualTo(new Bitmap(2, 1, 3, new byte[] {0, 0, 0, 0x12, 0x34, 0x56}));
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
  void transparencyStays(int type) {
    BufferedImage image = new BufferedImage(1, 1, type);
    image.setRGB(0, 0, 0x80123456);
    assertThat(bitmap(image))
        .isEqualTo(new Bitmap(1, 1, 4, new byte[] {0x12, 0x34, 0x56, (byte) 0x80}));
  }

  @Test
  void greyKeepsItsNumbers() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 100);
    assertThat(bitmap(image)).isEqualTo(new Bitmap(1, 1, 1, new byte[] {100}));
  }

  @Test
  void sixteenBitsBecomeEight() {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 0x8040);
    assertThat(bitmap(grey)).isEqualTo(new Bitmap(1, 1, 1, new byte[] {(byte) 0x80}));
    BufferedImage colour =
        of(ColorSpace.getInstance(ColorSpace.CS_sRGB), DataBuffer.TYPE_USHORT, 0x1200, 0xff00, 0);
    byte[] pixels = bitmap(colour).pixels();
    assertThat(pixels[0] & 0xff).isBetween(0x11, 0x12);
    assertThat(pixels[1] & 0xff).isBetween(0xfe, 0xff);
    assertThat(pixels[2]).isZero();
  }

  @Test
  void aPaletteIsLookedUp() {
    byte[] channel = {0, (byte) 200};
    IndexColorModel palette = new IndexColorModel(1, 2, channel, channel, new byte[] {0, 7});
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(0, 0, 0, 1);
    assertThat(bitmap(image))
        .isEqualTo(new Bitmap(1, 1, 3, new byte[] {(byte) 200, (byte) 200, 7}));
  }

  @Test
  void refusesColoursThatItWouldGetWrong() {
    ColorSpace cmyk =
        new ColorSpace(ColorSpace.TYPE_CMYK, 4) {
          private static final long serialVersionUID = 1L;

          @Override
          public float[] toRGB(float[] values) {
            return new float[3];
          }

          @Override
          public float[] fromRGB(float[] values) {
            return new float[4];
          }

          @Override
          public float[] toCIEXYZ(float[] values) {
            return new float[3];
          }

          @Override
          public float[] fromCIEXYZ(float[] values) {
            return new float[4];
          }
        };
    BufferedImage image = of(cmyk, DataBuffer.TYPE_BYTE, 1, 2, 3, 4);
    assertThatThrownBy(() -> bitmap(image))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`image` is a picture in CMYK; convert it to RGB first");
  }

  private static BufferedImage of(ColorSpace space, int type, int... samples) {
    ColorModel colours = new ComponentColorModel(space, false, false, Transparency.OPAQUE, type);
    WritableRaster raster = colours.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, samples);
    return new BufferedImage(colours, raster, false, null);
  }

  @Test
  void numbersWithTheirChannelsLastAreTurned() {
    // One row or one channel: it stays where both could be meant.
    Tensor either = Tensor.of(new float[6], 1, 1, 2, 3);
    assertThat(tensor(either)).isSameAs(either);
    Tensor two = Tensor.of(new float[24], 1, 2, 4, 3);
    assertThat(tensor(two).shape()).containsExactly(1, 3, 2, 4);
    Tensor values = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 2, 2, 3);
    assertThat(tensor(values).values()).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
    assertThat(tensor(Tensor.of(new float[24], 2, 4, 3)).shape()).containsExactly(1, 3, 2, 4);
  }

  @Test
  void numbersWithTheirChannelsFirstStay() {
    for (Tensor tensor :
        List.of(
            Tensor.of(new float[3 * 8 * 4], 1, 3, 8, 4),
            Tensor.of(new float[16 * 64], 1, 16, 8, 8),
            Tensor.of(new float[64], 8, 8),
            Tensor.of(new float[16 * 64], 1, 16, 64))) {
      assertThat(tensor(tensor)).isSameAs(tensor);
    }
  }

  @Test
  void severalTensorsAreOneBatch() {
    Tensor one = Tensor.of(new float[] {1, 2, 3}, 3, 1, 1);
    Tensor two = Tensor.of(new float[] {4, 5, 6}, 3, 1, 1);
    assertThat(tensor(List.of(one, two)).shape()).containsExactly(2, 3, 1, 1);
    assertThat(tensor(List.of(one, two)).values()).containsExactly(1, 2, 3, 4, 5, 6);
    Tensor other = Tensor.of(new float[6], 3, 1, 2);
    assertThatThrownBy(() -> tensor(List.of(one, other)))
        .hasMessage(
            "`image`: its tensors must have the same shape to be one batch, but have [3, 1, 1] and [3, 1, 2]");
  }

  @Test
  void anythingElseIsRefusedByName() {
    assertThatThrownBy(() -> GivenPictures.read("mask_image", "mask.png"))
        .hasMessage(
            "`mask_image` must be a BufferedImage, a Tensor, or a list of one kind of them, but is of type <class 'str'>");
    assertThatThrownBy(() -> GivenPictures.read("image", List.of()))
        .hasMessageContaining("<class 'list'>");
    assertThatThrownBy(() -> GivenPictures.read("image", Tensor.of(new float[1], 1)))
        .hasMessageContaining("`image`: pictures as numbers have the shape");
  }
}
