package dev.fluxbridge.golden.report;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A comparison as it stands after the last line about it.
 *
 * @param id a short name for links, the same in each report
 * @param folder where its pictures lie
 * @param number of its line, from 1
 * @param earlier whether its test class ran again since, and this comparison did not
 * @param line what it says
 * @param pictures what is there of its pictures
 * @param nearness to its limits
 */
record Case(
    String id,
    Path folder,
    int number,
    boolean earlier,
    Line line,
    List<Shown> pictures,
    Nearness nearness) {

  /** What people look at first: what failed, the farthest from its golden before others. */
  static final Comparator<Case> WORST_FIRST =
      Comparator.comparing(Case::group)
          .thenComparing(one -> -one.nearness.times())
          .thenComparing(one -> one.line.testClass())
          .thenComparing(one -> one.line.name())
          .thenComparing(one -> one.line.key());

  /** What was not written since it still held is as what passed: the nearest to failing leads. */
  private Outcome group() {
    return line.status() == Outcome.UNCHANGED ? Outcome.PASSED : line.status();
  }

  List<PictureSlot> files() {
    return pictures.stream().flatMap(picture -> picture.files().values().stream()).toList();
  }

  List<String> problems() {
    return pictures.stream().flatMap(picture -> picture.problems().stream()).toList();
  }
}
