package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.route.Flag;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
  private static SettingsFile parse(String text) {
    return SettingsFile.parse("f.properties", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void tellsTheLineOfEachKey() {
    SettingsFile file = parse("# one\n\na = 1\n! other\r\nb : 2\\\n   3\nc=ü\n");
    assertThat(file.flags())
        .containsExactly(
            Map.entry("a", new Flag("1", "key a in f.properties, line 3")),
            Map.entry("b", new Flag("23", "key b in f.properties, line 5")),
            Map.entry("c", new Flag("ü", "key c in f.properties, line 7")));
  }

  @Test
  void aKeyThatIsSetTwiceIsAnErrorWithBothLines() {
    assertThatThrownBy(() -> parse("a=1\nb=1\na=2\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("f.properties sets a in line 1 and again in line 3");
  }

  @Test
  void anEscapeThatIsNoneIsAnErrorWithItsLine() {
    assertThatThrownBy(() -> parse("a=1\nb=\\u12\n")).hasMessageContaining("line 2");
  }

  @Test
  void bytesThatAreNoTextAreAnError() {
    assertThatThrownBy(() -> SettingsFile.parse("f", new byte[] {'a', '=', (byte) 0xc3}))
        .hasMessage("f is not UTF-8");
  }

  @Test
  void theKillSwitchIsFoundInAFileThatIsBrokenElsewhere() {
    byte[] broken = "a=\\u12\nfluxbridge.kill-switch = local\nx\n".getBytes(StandardCharsets.UTF_8);
    assertThat(SettingsFile.only("fluxbridge.kill-switch", "f", broken))
        .contains(new Flag("local", "key fluxbridge.kill-switch in f, line 2"));
    assertThat(SettingsFile.only("nothing", "f", broken)).isEmpty();
  }

  @Property(tries = 300)
  void readsWhatTheJdkReads(@ForAll Map<String, String> values) throws IOException {
    Properties written = new Properties();
    written.putAll(values);
    StringWriter text = new StringWriter();
    written.store(text, "written by the JDK");
    Properties read = new Properties();
    read.load(new StringReader(text.toString()));
    Map<String, String> here = new HashMap<>();
    parse(text.toString()).flags().forEach((key, flag) -> here.put(key, flag.value()));
    assertThat(here).isEqualTo(read);
  }
}
