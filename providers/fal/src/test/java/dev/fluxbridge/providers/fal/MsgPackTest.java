package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.Value;

class MsgPackTest {

  private static @Nullable Object back(@Nullable Object value) {
    return MsgPack.read(MsgPack.write(value)).orElseThrow().value();
  }

  @Test
  void writesTheShortestForm() {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("a", 1);
    input.put("b", "é");
    input.put("c", new byte[] {7});
    input.put("d", List.of(true, -1, 1.5));

    assertThat(HexFormat.of().formatHex(MsgPack.write(input)))
        .isEqualTo("84a16101a162a2c3a9a163c40107a16493c3ffcb3ff8000000000000");
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void isReadByTheReferenceLibraryAsItWasMeantAndWrittenAsShort(@ForAll("values") Object value)
      throws IOException {
    byte[] ours = MsgPack.write(value);

    MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(ours);
    Value theirs = unpacker.unpackValue();
    assertThat(unpacker.hasNext()).isFalse();
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    packer.packValue(theirs);
    assertThat(packer.toByteArray()).isEqualTo(ours);
    assertThat(back(value)).usingRecursiveComparison().isEqualTo(value);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void neverFailsAtGarbage(@ForAll byte[] garbage) {
    Optional<MsgPack.Read> read = MsgPack.read(garbage);

    read.ifPresent(value -> assertThat(MsgPack.write(value.value())).isNotEmpty());
  }

  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  void readsNoHalfValue(@ForAll("values") Object value) {
    byte[] whole = MsgPack.write(value);

    for (int end = 0; end < Math.min(whole.length, 100); end++) {
      assertThat(MsgPack.read(Arrays.copyOf(whole, end))).isEmpty();
    }
    assertThat(MsgPack.read(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.doubles().map(n -> (Object) n),
            Arbitraries.of(true, false).map(b -> (Object) b),
            Arbitraries.bigIntegers()
                .between(
                    BigInteger.ONE.shiftLeft(63),
                    BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE))
                .map(n -> (Object) n),
            Arbitraries.strings().ofMaxLength(300).excludeChars(surrogates()).map(s -> (Object) s),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(b -> (Object) b));
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(6).map(l -> (Object) l),
                Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(40), inner)
                    .ofMaxSize(6)
                    .map(m -> (Object) m)),
        0,
        3);
  }

  private static char[] surrogates() {
    char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = (char) (Character.MIN_SURROGATE + i);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 255, 256, 65535, 65536})
  void keepsTextsBytesAndListsOfEveryWidth(int size) {
    assertThat(back("x".repeat(size))).isEqualTo("x".repeat(size));
    assertThat(back(new byte[size])).isEqualTo(new byte[size]);
    assertThat(back(Collections.nCopies(size, 1L))).isEqualTo(Collections.nCopies(size, 1L));
  }

  @Test
  void readsNullFloatsTimestampsAndKeysOfOtherKinds() {
    assertThat(back(null)).isNull();
    assertThat(back(1.5f)).isEqualTo(1.5);
    assertThat(MsgPack.read(HexFormat.of().parseHex("8101c0")).orElseThrow().value())
        .isEqualTo(Collections.singletonMap("1", null));
    assertThat(MsgPack.read(HexFormat.of().parseHex("d6ff00000001")).orElseThrow().value())
        .isEqualTo(new byte[] {0, 0, 0, 1});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c1",
        "c67fffffff",
        "c6ffffffff",
        "dd7fffffff",
        "ddffffffff",
        "df7fffffff",
        "81c0c0",
        "db7fffffff"
      })
  void believesNoSizeThatCannotBe(String hex) {
    assertThat(MsgPack.read(HexFormat.of().parseHex(hex))).isEmpty();
  }

  @Test
  void refusesDepthWithoutEnd() {
    byte[] deep = new byte[10_000];
    Arrays.fill(deep, (byte) 0x91);
    assertThat(MsgPack.read(deep)).isEmpty();

    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThatThrownBy(() -> MsgPack.write(cycle)).hasMessageContaining("levels deep");
  }

  @Test
  void namesWhatItCannotCarryAndWhere() {
    assertThatThrownBy(
            () -> MsgPack.write(Map.of("a", List.of(1, new IllegalStateException("secret")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a[1]'")
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> MsgPack.write(BigInteger.ONE.shiftLeft(64)))
        .hasMessageContaining("more than 64 bits");
    assertThatThrownBy(() -> MsgPack.write(Map.of(1, 2))).hasMessageContaining("not a text");
  }
}
