package dev.fluxbridge.compat.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MismatchRecordsTest {
  private final MismatchRecords records = new MismatchRecords();
  private final Path folder;

  MismatchRecordsTest(@TempDir Path parent) {
    this.folder = parent.resolve("deep/records");
  }

  private static Map<String, byte[]> files(int bytes) {
    return Map.of("call.json", new byte[bytes / 2], "served.png", new byte[bytes - bytes / 2]);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRecordIsAFolderThatOnlyItsOwnerReads() throws IOException {
    Path record = records.write(folder, 1000, "a", files(100));
    assertThat(record).isEqualTo(folder.resolve("a"));
    assertThat(record.resolve("served.png")).hasSize(50);
    assertThat(names()).containsExactly("a");
    if (record.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(Files.getPosixFilePermissions(folder)).hasSize(3);
      assertThat(Files.getPosixFilePermissions(record)).hasSize(3);
      assertThat(Files.getPosixFilePermissions(record.resolve("served.png"))).hasSize(2);
    }
  }

  @Test
  void theOldestGoFirstToKeepWithinTheRoom() throws IOException {
    for (String id : List.of("b", "a", "d", "c")) {
      records.write(folder, 250, id, files(100));
    }
    assertThat(names()).containsExactly("c", "d");
  }

  @Test
  void oneThatIsLargerThanAllTheRoomIsNotWrittenAndNothingIsDeletedForIt() throws IOException {
    records.write(folder, 250, "a", files(100));
    assertThatThrownBy(() -> records.write(folder, 250, "b", files(251)))
        .isInstanceOf(IOException.class);
    assertThat(names()).containsExactly("a");
  }

  @Test
  void whatElseSomebodyKeepsThereStays() throws IOException {
    Files.createDirectories(folder.resolve("0-mine"));
    Files.write(folder.resolve("0-mine/large"), new byte[1000]);
    records.write(folder, 250, "a", files(100));
    records.write(folder, 250, "b", files(100));
    assertThat(names()).contains("0-mine", "b");
  }

  @Test
  void whatADeadProcessLeftHalfWrittenIsClearedAway() throws IOException {
    Path dead = Files.createDirectories(folder.resolve(".writing-x"));
    Path alive = Files.createDirectories(folder.resolve(".writing-y"));
    Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    records.write(folder, 1000, "a", files(100));
    assertThat(dead).doesNotExist();
    assertThat(alive).exists();
  }

  @Test
  void aRecordThatCannotBeWrittenWholeLeavesNothing() throws IOException {
    // a name that no file can have stands for a disk that is full in the middle
    Map<String, byte[]> files = Map.of("call.json", new byte[10], "no/such/folder", new byte[10]);
    assertThatThrownBy(() -> records.write(folder, 1000, "a", files))
        .isInstanceOf(IOException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void aFileInPlaceOfTheFolderIsAnError() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "no folder");
    assertThatThrownBy(() -> records.write(folder, 1000, "a", files(10)))
        .isInstanceOf(IOException.class);
  }
}
