package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColoursTest {

  private static int[] levels(Bitmap bitmap) {
    int[] levels = new int[bitmap.pixels().length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = bitmap.pixels()[i] & 0xff;
    }
    return levels;
  }

  @Test
  void turnsColoursGreyAndLeavesTransparencyOut() {
    Bitmap red = new Bitmap(1, 1, 4, new byte[] {(byte) 255, 0, 0, 0});

    assertThat(levels(Colours.grey(red))).containsExactly(76);
    assertThat(levels(Colours.rgb(red))).containsExactly(255, 0, 0);
    assertThat(levels(Colours.rgb(new Bitmap(1, 1, 1, new byte[] {7})))).containsExactly(7, 7, 7);
  }

  @Test
  void isWhiteFromTheMiddleOn() {
    Bitmap grey = new Bitmap(3, 1, 1, new byte[] {127, (byte) 128, (byte) 255});

    assertThat(levels(Colours.blackAndWhite(grey))).containsExactly(0, 255, 255);
    assertThat(levels(grey)).as("the caller's own picture").containsExactly(127, 128, 255);
  }
}
