package dev.fluxbridge.golden.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagePicturesTest {
  private static final int WHOLE = 100_000;
  private static final int PREVIEW = 1_000;

  private Path folder = Path.of("");

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
  }

  private List<PictureSlot> slots(String name, int count) throws IOException {
    List<PictureSlot> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = Arrays.copyOf((name + i).getBytes(StandardCharsets.UTF_8), WHOLE);
      slots.add(
          new PictureSlot(
              Files.write(folder.resolve(name + i + ".png"), bytes),
              WHOLE,
              Optional.of(
                  Files.write(folder.resolve(name + i + ".jpg"), Arrays.copyOf(bytes, PREVIEW))),
              512,
              512));
    }
    return slots;
  }

  private static List<Boolean> whole(PagePictures pictures, List<PictureSlot> slots) {
    return slots.stream().map(pictures::isWhole).toList();
  }

  private static long bytes(PagePictures pictures) throws IOException {
    long bytes = 0;
    for (PagePictures.Embedded embedded : pictures.embedded()) {
      bytes += Files.size(embedded.file());
    }
    return bytes;
  }

  @Test
  void theFirstAreWholeAndAllHaveTheirPreview() throws IOException {
    List<PictureSlot> failed = slots("failed", 6);
    List<PictureSlot> passed = slots("passed", 20);

    PagePictures pictures = new PagePictures(failed, passed, 4 * WHOLE, WHOLE);

    assertThat(whole(pictures, failed)).containsExactly(true, true, true, false, false, false);
    assertThat(whole(pictures, passed)).containsOnly(false);
    assertThat(pictures.embedded()).hasSize(26);
    assertThat(bytes(pictures)).isLessThanOrEqualTo(4 * WHOLE);
    assertThat(pictures.of(failed.get(5))).get().extracting("mediaType").isEqualTo("image/jpeg");
  }

  @Test
  void whatPassedIsWholeOnlyAsFarAsItsOwnBudgetGoes() throws IOException {
    List<PictureSlot> passed = slots("passed", 4);
    PagePictures pictures = new PagePictures(List.of(), passed, 100 * WHOLE, 2 * WHOLE);
    assertThat(whole(pictures, passed)).containsExactly(true, true, false, false);
  }

  @Test
  void whereNotEvenPreviewsFitTheLastHaveNone() throws IOException {
    List<PictureSlot> failed = slots("failed", 5);
    PagePictures pictures = new PagePictures(failed, List.of(), 3 * PREVIEW, 0);
    assertThat(failed.stream().map(pictures::of).map(Optional::isPresent))
        .containsExactly(true, true, true, false, false);
  }

  @Test
  void theSameBytesCountOnce() throws IOException {
    List<PictureSlot> one = slots("same", 1);
    PictureSlot first = one.get(0);
    Path copy = Files.copy(first.whole(), folder.resolve("copy.png"));
    PictureSlot second = new PictureSlot(copy, WHOLE, Optional.empty(), 512, 512);
    PictureSlot third = new PictureSlot(copy, WHOLE, first.preview(), 64, 64);

    PagePictures pictures =
        new PagePictures(List.of(first, second, third), List.of(), 3 * WHOLE, 0);

    assertThat(pictures.embedded()).hasSize(1);
    assertThat(pictures.of(second)).isEqualTo(pictures.of(first)).isEqualTo(pictures.of(third));
  }
}
