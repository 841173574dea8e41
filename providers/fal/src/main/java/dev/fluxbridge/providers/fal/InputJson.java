package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An input on its way to JSON: all of it is checked, and its files still have to be uploaded. */
final class InputJson {
  private static final int DEEPEST = 100;

  private final int inlineUpTo;
  private final List<Slot> slots = new ArrayList<>();
  private final IdentityHashMap<InputStream, Slot> streams = new IdentityHashMap<>();
  private ObjectNode whole = Json.object();

  private InputJson(int inlineUpTo) {
    this.inlineUpTo = inlineUpTo;
  }

  /** A file and the places for its address. */
  static final class Slot {
    private final FalFile file;
    private final List<Consumer<String>> places = new ArrayList<>();

    Slot(FalFile file) {
      this.file = file;
    }

    FalFile file() {
      return file;
    }

    void fill(String address) {
      places.forEach(place -> place.accept(address));
    }
  }

  /**
   * Checks an input.
   *
   * @param inlineUpTo files of up to so many bytes become data URIs at once
   * @throws FalException with {@code INVALID}, naming the place, if something cannot be sent
   */
  static InputJson of(FalInput input, int inlineUpTo) {
    InputJson json = new InputJson(inlineUpTo);
    json.whole = json.object(input.fields(), "input", 0);
    return json;
  }

  /** Its files, each to be uploaded and filled in. */
  List<Slot> slots() {
    return slots;
  }

  /** The text, once all slots are filled. */
  String text() {
    return Json.write(whole);
  }

  private ObjectNode object(Map<?, ? extends @Nullable Object> map, String at, int depth) {
    ObjectNode node = Json.object();
    for (Map.Entry<?, ? extends @Nullable Object> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw wrong(at, "has a key that is no text");
      }
      String here = at + "." + name;
      JsonNode value = value(entry.getValue(), here, depth, text -> node.put(name, text));
      if (value != null) {
        node.set(name, value);
      }
    }
    return node;
  }

  private ArrayNode array(Iterable<? extends @Nullable Object> items, String at, int depth) {
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    for (Object item : items) {
      int index = node.size();
      JsonNode value = value(item, at + "[" + index + "]", depth, text -> node.set(index, text));
      node.add(value == null ? JsonNodeFactory.instance.nullNode() : value);
    }
    return node;
  }

  /**
   * One value; null for one that is left out.
   *
   * @param place takes the address, if it is a file
   */
  private @Nullable JsonNode value(
      @Nullable Object value, String at, int depth, Consumer<String> place) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (depth > DEEPEST) {
      throw wrong(at, "lies deeper than " + DEEPEST + " levels, or holds itself");
    }
    if (value == null) {
      return make.nullNode();
    }
    if (value instanceof CharSequence || value instanceof Enum<?> || value instanceof URI) {
      return make.textNode(value.toString());
    }
    if (value instanceof Boolean bool) {
      return make.booleanNode(bool);
    }
    if (value instanceof Number number) {
      return number(number, at);
    }
    if (value instanceof Optional<?> optional) {
      return optional.isEmpty() ? null : value(optional.get(), at, depth + 1, place);
    }
    Optional<FalFile> file = file(value);
    if (file.isPresent()) {
      return make.textNode(address(file.get(), at, place));
    }
    if (value instanceof FalInput input) {
      return object(input.fields(), at, depth + 1);
    }
    if (value instanceof Map<?, ?> map) {
      return object(map, at, depth + 1);
    }
    if (value instanceof Record record) {
      return object(components(record, at), at, depth + 1);
    }
    if (value instanceof Iterable<?> items) {
      return array(items, at, depth + 1);
    }
    if (value.getClass().isArray()) {
      List<@Nullable Object> items = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(Array.get(value, i));
      }
      return array(items, at, depth + 1);
    }
    throw wrong(
        at,
        "is a "
            + value.getClass().getName()
            + ", which is neither JSON nor a file: give a text, a number, a boolean, a map, a list,"
            + " a record, a Path, bytes, a stream or a FalFile");
  }

  private static JsonNode number(Number number, String at) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (number instanceof Double || number instanceof Float) {
      if (!Double.isFinite(number.doubleValue())) {
        throw wrong(at, "is not a finite number, and JSON knows no other");
      }
      return number instanceof Double
          ? make.numberNode(number.doubleValue())
          : make.numberNode(number.floatValue());
    }
    if (number instanceof BigDecimal decimal) {
      return make.numberNode(decimal);
    }
    if (number instanceof BigInteger integer) {
      return make.numberNode(integer);
    }
    return make.numberNode(number.longValue());
  }

  private static Optional<FalFile> file(Object value) {
    if (value instanceof FalFile file) {
      return Optional.of(file);
    }
    // before the check for something that can be walked: a path is a walk over its names
    if (value instanceof Path path) {
      return Optional.of(FalFile.of(path));
    }
    if (value instanceof File file) {
      return Optional.of(FalFile.of(file.toPath()));
    }
    if (value instanceof byte[] bytes) {
      return Optional.of(FalFile.of(bytes));
    }
    return value instanceof InputStream stream ? Optional.of(FalFile.of(stream)) : Optional.empty();
  }

  /** The address if it is known already; else nothing yet, and a slot. */
  private String address(FalFile file, String at, Consumer<String> place) {
    OptionalLong length;
    try {
      length = file.content().length();
    } catch (FalException missing) {
      throw missing.adding("it stands at " + at);
    }
    if (file.content() instanceof FalFile.Content.Coming coming) {
      // it can be read once, so all places for it get one address
      streams.computeIfAbsent(coming.stream(), stream -> slot(file)).places.add(place);
    } else if (inlineUpTo > 0 && length.orElseThrow() <= inlineUpTo) {
      return new FalDataUri(file.mediaType(), read(file.content(), at)).text();
    } else {
      slot(file).places.add(place);
    }
    return "";
  }

  private Slot slot(FalFile file) {
    Slot slot = new Slot(file);
    slots.add(slot);
    return slot;
  }

  private static byte[] read(FalFile.Content content, String at) {
    if (content instanceof FalFile.Content.InMemory memory) {
      return memory.bytes();
    }
    try {
      return Files.readAllBytes(((FalFile.Content.OnDisk) content).path());
    } catch (IOException failure) {
      throw new FalException(
          Reason.INVALID,
          "the file at " + at + " cannot be read",
          FalException.Answer.NONE,
          null,
          failure);
    }
  }

  /** The components of a record as fields. */
  static Map<String, @Nullable Object> components(Record record, String at) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        var accessor = component.getAccessor();
        // a record may be public in a class that is not
        accessor.setAccessible(true);
        fields.put(snakeCase(component.getName()), accessor.invoke(record));
      } catch (IllegalAccessException | InvocationTargetException | RuntimeException closed) {
        throw wrong(
            at + "." + component.getName(),
            "cannot be read: the record is not open to this module, or its accessor throws");
      }
    }
    return fields;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static FalException wrong(String at, String what) {
    return FalException.of(Reason.INVALID, at + " " + what + "; nothing was sent");
  }
}
